"""Files that came into being and change what names mean, whoever names them."""

from __future__ import annotations

import sys

from cdds_django.impact.code.state import CodeState


def out_of_the_ordinary(code: CodeState) -> str | None:
    """Return the reason for a full run in a file that was added, None where there is none.

    What an ordinary module brings into effect follows from what it defines and who names it.
    """
    added = code.changes.added
    for path in sorted(added):
        directory, _, name = path.rpartition("/")
        if name == "__init__.py" and not _is_new_package(directory, code):
            return f"{path} was added, which makes another kind of package of {directory}"
        if _takes_the_place_of_a_module(path, code):
            return f"{path} was added, and a module of that name is there already"
        if not path.endswith(".py"):
            return f"{path} was added"
    return None


def _is_new_package(directory: str, code: CodeState) -> bool:
    inside = f"{directory}/"
    return all(path in code.changes.added for path in code.files if path.startswith(inside))


def _takes_the_place_of_a_module(path: str, code: CodeState) -> bool:
    """Whether a module of this dotted name was found elsewhere, be it an installed one."""
    name = code.module_name(path)
    if "." not in name and name in sys.stdlib_module_names:
        return True
    loaded = sys.modules.get(name)
    file = getattr(loaded, "__file__", None)
    return isinstance(file, str) and code.tree.key(file) != path
