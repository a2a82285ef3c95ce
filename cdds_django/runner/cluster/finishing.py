"""The end of a run on a cluster: what hosts have left to tell."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from cdds_django.impact.records import STAND_INS, Dependencies, Dependency, Recording
from cdds_django.impact.storage.places import CODE_KINDS
from cdds_django.runner.cluster.messages import Finish, Finished, packed
from cdds_django.runner.cluster.places import Gone, Places

_END_S = 30.0
"""How long hosts may take to put their databases back."""
_POLL_S = 0.2
_OWN_SETTINGS = ("CACHES", "DATABASES")
"""A machine of a cluster may have servers of its own."""


def finish(places: Places, states: Mapping[Dependency, str]) -> Iterator[Finished]:
    """Have all hosts end, and yield what they have to say.

    `states` are the fingerprints here of what tests depended on.
    """
    message = packed(Finish(states=states))
    for place in list(places.by_number.values()):
        if place.is_ready and place.asked is None:
            places.ask(place, message, "cdds-finish")
    until_s = time.monotonic() + _END_S
    while any(p.is_ready and p.asked for p in places.by_number.values()):
        for event in places.events(_POLL_S):
            if not isinstance(event, Gone) and isinstance(event[1], Finished):
                yield event[1]
        if time.monotonic() > until_s:
            return


def to_compare(
    recordings: Iterable[Recording], imports: Dependencies, own: Iterable[str]
) -> Dependencies:
    """Return what tests depended on that may be in another state elsewhere.

    Code has been compared before. `own` names settings and variables of the environment that
    each machine may have its own of.
    """
    found: set[Dependency] = set(imports)
    for recording in recordings:
        found |= recording.shared.union(*recording.fills.values())
        found = found.union(*(o.dependencies for o in recording.observations))
    passed_by = {Dependency("setting", name) for name in (*_OWN_SETTINGS, *own)}
    passed_by |= {Dependency("variable", name) for name in own}
    kinds = CODE_KINDS | STAND_INS
    return frozenset(d for d in found if d.kind not in kinds) - passed_by
