"""Running the same tests several times in different orders."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from cdds_django.impact.records import Outcome


def shuffled(
    classes: Sequence[tuple[int, ...]], *, seed: int, round_number: int
) -> list[tuple[int, ...]]:
    """Return the classes in another order, and within each its tests.

    The same seed and number give the same order.
    """
    generator = random.Random(f"{seed}-{round_number}")
    mixed = [tuple(generator.sample(tests, len(tests))) for tests in classes]
    generator.shuffle(mixed)
    return mixed


def varying(rounds: Sequence[Mapping[str, Outcome]]) -> dict[str, Counter[str]]:
    """Return how often each outcome came, of the tests with more than one, by id."""
    counts: dict[str, Counter[str]] = {}
    for outcomes in rounds:
        for test, outcome in outcomes.items():
            counts.setdefault(test, Counter())[outcome.outcome] += 1
    return {test: count for test, count in counts.items() if len(count) > 1}
