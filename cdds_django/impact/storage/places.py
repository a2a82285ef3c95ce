"""Where a change of a dependency shows, so that rows need not be looked at without a reason."""

from __future__ import annotations

from cdds_django.impact.records import Dependency

CODE_KINDS = frozenset({"code", "module", "loaded"})
"""code: a function's body. module: all that a file does when it is imported, functions aside.
loaded: the body of a function that ran while the project was imported."""

IMPORT_LEVEL_KINDS = frozenset({"module", "loaded"})
"""Whose changes take effect at import, and are followed from there."""

UNSETTLED = "unsettled"
"""The fingerprint of a thing that changed while tests ran: no later state equals it."""

URLS, USES = "<urls>", "<uses>"
"""What follows from URL patterns, which are made at import; what has no state of its own."""

URL_KINDS = frozenset({"path", "reversal"})

_PLACES = {
    **dict.fromkeys(URL_KINDS, URLS),
    "table": USES,
    "symbol": USES,
    "route": USES,
    "upstream_caller": USES,
}


def place_of(dependency: Dependency) -> str:
    """Return the file of code, a stand-in, or nothing for what may change at any time."""
    if dependency.kind in CODE_KINDS:
        return dependency.key.partition("::")[0]
    return _PLACES.get(dependency.kind, "")
