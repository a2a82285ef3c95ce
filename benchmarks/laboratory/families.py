"""What a class is for, told by the names of its bases."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable

from benchmarks.laboratory.edits import Source
from benchmarks.laboratory.reading import base_names

FAMILIES = {
    "serializer": r"Serializer$",
    "view": r"(View|ViewSet|ViewMixin|APIView|ModelMixin)$|^Feed$|RequiredMixin$",
    "model": r"^(Model|AbstractUser|AbstractBaseUser|PermissionsMixin)$",
    "form": r"^(Base)?(Model)?Form(Set)?$|Form$",
    "admin": r"(Admin|Inline|AdminSite|SimpleListFilter)$",
    "filterset": r"FilterSet$",
    "permission": r"^(BasePermission|IsAuthenticated|IsAdminUser|AllowAny)",
    "authentication": r"(Authentication|Backend)$",
    "throttle": r"Throttle$",
    "pagination": r"Pagination$",
    "renderer": r"(Renderer|Parser)$",
    "manager": r"^(Base|User|BaseUser)?Manager$|QuerySet$",
    "app": r"^AppConfig$",
    "command": r"^(Base|App|Label)Command$",
    "enum": r"^(Enum|IntEnum|StrEnum|Flag|TextChoices|IntegerChoices|Choices)$",
    "test": r"TestCase$|^TestMixin$",
    "factory": r"Factory$",
    "migration": r"^Migration$",
}
_PATTERNS = {family: re.compile(pattern) for family, pattern in FAMILIES.items()}


class Families:
    """The classes of a project, by name; equal names count as one class."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._bases: dict[str, set[str]] = defaultdict(set)
        self.members: dict[str, list[str]] = defaultdict(list)
        """Names of the project's classes by family."""
        names = []
        for source in sources:
            for cls in source.classes():
                self._bases[cls.name].update(base_names(cls))
                names.append(cls.name)
        for name in names:
            for family in FAMILIES:
                if self._is(name, family):
                    self.members[family].append(name)

    def is_a(self, cls: ast.ClassDef, family: str) -> bool:
        """Tell whether a class is of a family."""
        return self._is(cls.name, family)

    def any_of(self, cls: ast.ClassDef, *families: str) -> bool:
        """Tell whether a class is of one of some families."""
        return any(self._is(cls.name, family) for family in families)

    def _is(self, name: str, family: str) -> bool:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            for base in self._bases.get(current, set()) - seen:
                if _PATTERNS[family].search(base):
                    return True
                seen.add(base)
                waiting.append(base)
        return False
