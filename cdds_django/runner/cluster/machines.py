"""The workers of a Dask cluster: whether they are there, and whether they are as this machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdds_django.errors import CddsError
from cdds_django.runner.cluster import agent
from cdds_django.runner.cluster.project import ClientProject
from cdds_django.runner.cluster.tasks import Tasks
from cdds_django.runner.pool.orders import WorkersLostError

if TYPE_CHECKING:
    from distributed import Future

_LOOK_S = 1.0
_PATIENCE_S = 60.0
"""How long a run waits for a worker when all are gone."""


@dataclass(eq=False)
class Machine:
    """A Dask worker."""

    threads: int
    look: Future[Any] | None
    """Comparing it with this machine, until that is done."""
    known: Mapping[str, Any] | None = None
    """What `agent.look` said; None while it hasn't, or where it can't be used."""


class Machines:
    """All workers that there are, by address."""

    def __init__(self, tasks: Tasks, project: ClientProject) -> None:
        self._tasks = tasks
        self._project = project
        self._seen_at_s = time.monotonic()
        self.by_address: dict[str, Machine] = {}
        self.has_run = False
        """Whether any order was answered. From then on a machine that can't be used is passed by,
        where it would end the run before."""
        self.refresh()
        while any(machine.look is not None for machine in self.by_address.values()):
            self._tasks.finished(_LOOK_S)
            self.refresh()
        self.require_any()

    @property
    def threads(self) -> int:
        """How many places there could be."""
        return sum(machine.threads for machine in self.by_address.values())

    def refresh(self) -> None:
        """Ask which workers there are, and compare new ones with this machine.

        Raises CddsError where one is different, unless tests have run already.
        """
        present = self._tasks.present()
        if present:
            self._seen_at_s = time.monotonic()
        for address in present.keys() - self.by_address.keys():
            self.by_address[address] = Machine(present[address], self._look(address))
        for address in self.by_address.keys() - present.keys():
            del self.by_address[address]
        for address, machine in list(self.by_address.items()):
            if machine.look is not None and self._tasks.has_ended(machine.look):
                self._take_look(address, machine)

    def give_up(self, address: str, text: str) -> None:
        """Do without a worker. Raises CddsError with that text, unless tests have run already."""
        if address in self.by_address:
            self.by_address[address].known = None
        if not self.has_run:
            raise CddsError(text)
        print(f"{text} The run goes on without it.", file=sys.stderr)

    def require_any(self) -> None:
        """Raise CddsError where nobody can run tests, WorkersLostError where they did before."""
        error = WorkersLostError if self.has_run else CddsError
        if self._tasks.is_cut_off:
            raise error("The Dask scheduler can't be reached any more.")
        if time.monotonic() - self._seen_at_s > _PATIENCE_S:
            raise error(f"The Dask cluster has had no worker for {_PATIENCE_S:g} s.")
        machines = self.by_address.values()
        if machines and all(m.known is None and m.look is None for m in machines):
            raise error("No worker of the Dask cluster can run this project's tests.")

    def _look(self, address: str) -> Future[Any]:
        project = self._project
        return self._tasks.submit(
            agent.look,
            project.facts,
            project.root,
            project.script,
            project.sources,
            task="cdds-compare",
            address=address,
        )

    def _take_look(self, address: str, machine: Machine) -> None:
        assert machine.look is not None, "it was asked for"
        known: Mapping[str, Any] | None = self._tasks.result(machine.look)
        machine.look = None
        complaint = self._complaint(address, known) if known is not None else ""
        if complaint:
            self.give_up(address, complaint)
        else:
            machine.known = known

    def _complaint(self, address: str, known: Mapping[str, Any]) -> str:
        if known["root"] is None:
            return (
                f"The project isn't on worker {address}: neither {self._project.root} nor "
                f"{known['cwd']}, where the worker was started, holds {self._project.script}. "
                "Start it in the project's directory, or set CDDS_PROJECT_DIR there."
            )
        if not known["differences"]:
            return ""
        lines = "".join(f"\n  {line}" for line in known["differences"])
        return (
            f"Worker {address} ({known['machine']}) would not run the same tests as this machine:"
            f"{lines}\nBring both to the same state, and start the worker anew."
        )
