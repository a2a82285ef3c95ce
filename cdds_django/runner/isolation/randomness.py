"""Random numbers that don't depend on which tests ran before in the same process."""

from __future__ import annotations

import hashlib
import random
import sys

from cdds_django.runner.running.suites import Part


class SeededRandomness(Part):
    """Seeds generators before each test and each fixture, by a number and the name of either.

    So a test sees the same numbers alone, in a sequence and in any worker. Libraries are seeded
    where the project has imported them; what the system provides (`secrets`, `uuid4`) stays random.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def running(self, what: str) -> None:
        if what:
            digest = hashlib.blake2b(f"{self._seed}:{what}".encode(errors="replace"), digest_size=4)
            seed_all(int.from_bytes(digest.digest(), "big"))


def seed_all(seed: int) -> None:
    """Seed `random`, NumPy's global generator, Faker and factory_boy. 0 <= seed < 2**32."""
    random.seed(seed)
    for module, name, function in _LIBRARIES:
        # Where a project has a module of that name itself, it isn't meant.
        holder = getattr(sys.modules.get(module), name, None) if name else sys.modules.get(module)
        seeding = getattr(holder, function, None)
        if callable(seeding):
            seeding(seed)


_LIBRARIES = (
    ("numpy.random", "", "seed"),
    ("faker", "Faker", "seed"),
    ("factory.random", "", "reseed_random"),
)
