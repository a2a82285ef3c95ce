"""The project's modules: their names, who imports them, and what a mention in one leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.symbols import Symbols
from cdds_django.impact.syntax.definitions import IMPORT, STAR, Definition
from cdds_django.impact.syntax.mentions import (
    ABSOLUTE,
    ASSIGNED,
    IMPORTED,
    OWN_MODULE,
    STRING,
    SUBCLASSES,
)


class Symbol(NamedTuple):
    """What a top-level name of a module is bound to; a class is one with all that it holds."""

    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path}::{self.name}"


SUBCLASS_LISTS = Symbol("", SUBCLASSES)
"""Stands for what classes know of their subclasses."""


class Modules:
    """Every module as it is, and those that changed as they were, too."""

    def __init__(
        self,
        code: CodeState,
        names: Iterable[tuple[str, str]],
        before: Mapping[str, Sequence[Symbols]],
        models: Mapping[str, Symbol],
        aliases: Mapping[str, Symbol],
    ) -> None:
        """`names` has pairs of a dotted name and the file's key; `before` what changed files were;
        `models` the model classes, by label in lower case ("shop.order"); `aliases` what names of
        installed packages stand for ("django.contrib.auth.get_user_model")."""
        self._code = code
        self._paths = {name: path for name, path in names if name}
        self._before = before
        self._models = models
        self._aliases = aliases
        self._models_by_name: dict[str, set[Symbol]] = defaultdict(set)
        for symbol in models.values():
            self._models_by_name[symbol.name].add(symbol)
        self._versions: dict[str, tuple[Symbols, ...]] = {}
        self._resolved: dict[tuple[str, str], frozenset[Symbol]] = {}

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, path in self._paths.items():
            found[path].add(name)
        return found

    @cached_property
    def _imports(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """The files that import a name, and those that import it or something below it."""
        exact: dict[str, set[str]] = defaultdict(set)
        below: dict[str, set[str]] = defaultdict(set)
        for path, names in self._code.outlines(self._before):
            for name in names:
                bare = name.rstrip(".")
                exact[bare].add(path)
                exact[bare.lower()].add(path)  # Models are named in any case.
                for prefix in _prefixes(bare):
                    below[prefix].add(path)
        return exact, below

    def path_of(self, name: str) -> str | None:
        """Return the file of a module by its dotted name."""
        return self._paths.get(name)

    def names_of(self, path: str) -> set[str]:
        """Return the dotted names by which a file may be imported."""
        return self._names.get(path, set())

    def versions(self, path: str) -> tuple[Symbols, ...]:
        """Return what a file consists of, and what it did where that changed."""
        if path not in self._versions:
            now = [self._code.symbols(path)] if path in self._code.files else []
            self._versions[path] = (*now, *self._before.get(path, ()))
        return self._versions[path]

    def present(self, path: str) -> Symbols | None:
        """Return what a file consists of now, if it is there."""
        return self.versions(path)[0] if path in self._code.files else None

    def definitions(self, symbol: Symbol) -> Iterator[tuple[str, Definition]]:
        """Yield all that belongs to a symbol, with its key."""
        prefix = f"{symbol.name}."
        for symbols in self.versions(symbol.path):
            for key, definition in symbols.definitions.items():
                if key == symbol.name or key.startswith(prefix):
                    yield key, definition

    def heads(self, symbol: Symbol) -> list[Definition]:
        """Return the definitions of a name itself."""
        found = (symbols.definitions.get(symbol.name) for symbols in self.versions(symbol.path))
        return [definition for definition in found if definition is not None]

    def who_may_mention(self, symbol: Symbol) -> set[str]:
        """Return the files whose mentions may lead to a symbol."""
        exact, below = self._imports
        if symbol == SUBCLASS_LISTS:
            return exact.get(SUBCLASSES, set())
        found = {symbol.path}
        for name in self.names_of(symbol.path):
            found |= below.get(name, set())
            for prefix in _prefixes(name):
                found |= exact.get(prefix, set())
        for alias, target in self._aliases.items():
            if target == symbol:
                found |= exact.get(alias, set()) | exact.get(alias.rpartition(".")[0], set())
        for label, model in self._models.items():
            if model == symbol:
                found |= exact.get(label, set()) | exact.get(symbol.name, set())
        return found

    def is_aliased(self, symbol: Symbol) -> bool:
        """Whether a name of an installed package stands for a symbol."""
        return symbol in self._aliases.values()

    def importers_of(self, package: str) -> set[str]:
        """Return the files that import an installed package or anything of it."""
        _, below = self._imports
        return below.get(package, set())

    def is_named(self, path: str) -> bool:
        """Whether another file names a module, or something in it, in one piece."""
        _, below = self._imports
        return any(below.get(name, set()) - {path} for name in self.names_of(path))

    def star_importers(self, path: str) -> Iterator[str]:
        """Yield the files that import all names of a module."""
        exact, _ = self._imports
        for name in self.names_of(path):
            yield from exact.get(f"{name}.{STAR}", ())

    def resolve(self, path: str, mention: str) -> frozenset[Symbol]:
        """Return what a mention in a file may lead to, on the way included."""
        try:
            return self._resolved[path, mention]
        except KeyError:
            self._resolved[path, mention] = frozenset()  # Ends circles.
            found = self._resolved[path, mention] = frozenset(self._resolve(path, mention))
            return found

    def external(self, path: str, mention: str) -> set[str]:
        """Return the dotted names of other people's packages that a mention leads to."""
        root = mention.partition(".")[0]
        found: set[str] = set()
        for symbols in self.versions(path):
            definition = symbols.definitions.get(root)
            if definition is None or definition.kind != IMPORT:
                continue
            for name in _targets(definition):
                found |= _meant(mention, name)
        return {name for name in found if not self._first_party(name)}

    def assigned(self, path: str, mention: str) -> set[str]:
        """Return the same of a mention that says that it is assigned to, nothing for others."""
        if not mention.startswith(ASSIGNED):
            return set()
        name = mention.removeprefix(ASSIGNED)
        if name.startswith(ABSOLUTE):
            name = name.removeprefix(ABSOLUTE)
            return set() if self._first_party(name) else {name}
        return self.external(path, name)

    def _first_party(self, name: str) -> bool:
        return any(prefix in self._paths for prefix in _prefixes(name))

    def _resolve(self, path: str, mention: str) -> Iterator[Symbol]:
        if mention.startswith(ASSIGNED):
            return  # It is mentioned without that as well.
        if mention.startswith(STRING) and is_migration(path):
            return  # They name models as they were then, which the present classes don't touch.
        if mention == SUBCLASSES:
            yield SUBCLASS_LISTS
        elif mention == OWN_MODULE:
            yield Symbol(path, OWN_MODULE)
        elif mention.startswith(IMPORTED):
            # Binding a module to a name takes nothing from it.
            for symbol in self._absolute(mention.removeprefix(IMPORTED)):
                if symbol.name != OWN_MODULE:
                    yield symbol
        elif mention.startswith(ABSOLUTE):
            yield from self._absolute(mention.removeprefix(ABSOLUTE))
        elif mention.startswith(STRING):
            yield from self._string(path, mention.removeprefix(STRING))
        else:
            yield from self._own(path, mention)

    def _absolute(self, name: str) -> Iterator[Symbol]:
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            path = self._paths.get(".".join(parts[:end]))
            if path is not None:
                rest = parts[end:]
                if not rest or rest[0] == STAR:
                    yield Symbol(path, OWN_MODULE)
                else:
                    yield Symbol(path, rest[0])
                    yield from self.resolve(path, ".".join(rest))
                return

    def _own(self, path: str, chain: str) -> Iterator[Symbol]:
        root, _, rest = chain.partition(".")
        is_bound = False
        for symbols in self.versions(path):
            definition = symbols.definitions.get(root)
            if definition is not None:
                is_bound = True
                yield Symbol(path, root)
                if definition.kind == IMPORT:
                    yield from self._through_import(root, rest, definition)
        if not is_bound:
            yield from self._through_stars(path, chain)

    def _through_import(self, root: str, rest: str, definition: Definition) -> Iterator[Symbol]:
        for name in _targets(definition):
            alias = self._aliases.get(f"{name}.{rest}" if rest else name)
            if alias is not None:
                yield alias
            if name in self._paths and not rest:
                yield Symbol(self._paths[name], OWN_MODULE)
            else:
                yield from self._absolute(f"{name}.{rest}" if rest else name)
            if rest and name.partition(".")[0] == root and "." in name:
                yield from self._absolute(f"{root}.{rest}")

    def _through_stars(self, path: str, chain: str) -> Iterator[Symbol]:
        for symbols in self.versions(path):
            star = symbols.definitions.get(STAR)
            for target in _targets(star) if star else ():
                module = self._paths.get(target.removesuffix(f".{STAR}"))
                if module is not None:
                    yield Symbol(module, chain.partition(".")[0])
                    yield from self.resolve(module, chain)

    def _string(self, path: str, text: str) -> Iterator[Symbol]:
        if text.endswith("."):
            prefix = text
            for name, below in self._paths.items():
                if name.startswith(prefix):
                    yield Symbol(below, OWN_MODULE)
            text = text.rstrip(".")
        if (model := self._models.get(text.lower())) is not None:
            yield model
        if "." in text:
            yield from self._absolute(text)
        else:
            yield from self._models_by_name.get(text, ())
            yield from self._own(path, text)


def is_migration(path: str) -> bool:
    """Whether a file lies where Django looks for migrations."""
    return "/migrations/" in f"/{path}" and not path.endswith("/__init__.py")


def _targets(definition: Definition) -> Iterator[str]:
    """Yield what an import statement names."""
    for mention in definition.mentions:
        if mention.startswith(IMPORTED):
            yield mention.removeprefix(IMPORTED)


def _meant(mention: str, target: str) -> set[str]:
    """Return what a mention may mean where its first name was imported as `target`."""
    root, _, rest = mention.partition(".")
    below = f"{target}.{rest}" if rest else target
    package, *inner = target.split(".")
    if package != root or not inner:
        return {below}
    if mention == target or mention.startswith(f"{target}."):
        return {mention}  # `import a.b` binds `a`.
    # `from a.b import a` binds what is within.
    return {below} if inner[-1] == root else {below, mention}


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
