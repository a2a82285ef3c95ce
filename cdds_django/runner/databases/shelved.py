"""What engines have in common whose templates' particulars lie on a shelf."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

from cdds_django.runner.databases.engines import Fork
from cdds_django.runner.databases.names import fork_of, prefix_of
from cdds_django.runner.databases.shelf import Shelf
from cdds_django.runner.databases.templates import Listed, Template

ForkType = TypeVar("ForkType", bound=Fork)


class ShelvedEngine(Generic[ForkType]):
    """Finding, listing and removing the templates of one test database."""

    def __init__(
        self, connection: BaseDatabaseWrapper, base: str, limit: int, directory: Path
    ) -> None:
        """`directory` is where the shelf is; more than `limit` templates don't stay."""
        self._connection: Any = connection
        self._base = base
        self._limit = limit
        self._shelf = Shelf(directory)
        self._private: list[str] = []
        """The templates that are removed when the run ends."""
        self._forks: list[ForkType] = []
        self._has_built = False

    def candidates(self, key: str) -> list[Template]:
        return self._shelf.candidates(self._base, key)

    @contextmanager
    def building(self, key: str) -> Iterator[None]:
        with self._shelf.lock(f"{prefix_of(self._base, key)}building"):
            yield

    def end(self, *, keep: bool) -> None:
        for fork in self._forks:
            self._drop_fork(fork)
        if not keep:
            self._private += self._templates_in_use()
        for name in dict.fromkeys(self._private):
            self._remove(name)
        if self._has_built:
            self.prune(self._limit)
        self._shelf.unlock_all()

    def inventory(self) -> list[Listed]:
        return [
            Listed(
                name=name,
                kind="template",
                size=self._size(name),
                used_at=template.used_at if template else None,
                is_in_use=self._shelf.is_in_use(name),
            )
            for name, template in self._shelf.all(self._base)
        ]

    def prune(self, limit: int) -> list[str]:
        mine = self._templates_in_use()
        return [
            name
            for name in self._shelf.superfluous(self._base, limit)
            if name not in mine and self._remove(name)
        ]

    def _hold(self, template: Template) -> None:
        """Keep a template for this run's forks."""
        self._shelf.try_lock(template.name, shared=True)
        if template.name not in self._private:
            self._shelf.used(template)

    def _slots(self, template: Template, number: int) -> Iterator[tuple[int, str]]:
        """Yield the numbers and names of forks that no other run uses."""
        slot = 0
        while number:
            slot += 1
            name = fork_of(template.name, slot)
            if self._shelf.try_lock(name):
                number -= 1
                yield slot, name

    def _templates_in_use(self) -> set[str]:
        # Some forks know their template by its path.
        return {Path(fork.template).stem for fork in self._forks}

    def _remove(self, name: str) -> bool:
        self._shelf.unlock(name)
        return self._shelf.remove(name, lambda: self._drop(name))

    # What depends on the kind of database.

    def _drop(self, name: str) -> None:
        """Remove a template's database."""
        raise NotImplementedError

    def _drop_fork(self, fork: ForkType) -> None:
        raise NotImplementedError

    def _size(self, name: str) -> int:
        """Return how large a template is, in bytes; 0 where that isn't known."""
        raise NotImplementedError
