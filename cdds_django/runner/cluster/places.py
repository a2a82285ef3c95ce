"""The places of a cluster: which there are, what their hosts say, and which are gone.

A Dask worker gives as many places as it has threads. Each is a host on the worker's machine, which
exists as the value of a Dask future, and what hosts are asked are Dask tasks bound to their worker.
So Dask's dashboard shows what runs where, and a host ends when its client does.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.management.base import SystemCheckError

from cdds_django.runner.cluster import agent
from cdds_django.runner.cluster.machines import Machines
from cdds_django.runner.cluster.messages import HostPlan, NotReady, Ready, packed
from cdds_django.runner.cluster.project import ClientProject
from cdds_django.runner.cluster.tasks import Tasks

if TYPE_CHECKING:
    from distributed import Future

_LOOK_S = 1.0
"""How often the scheduler is asked which workers there are."""


@dataclass(eq=False, kw_only=True)
class Place:
    """One host, or what is to become one."""

    number: int
    """What it is known by to the pool, from 1; a place that is gone gives it back."""
    address: str
    """Of its Dask worker."""
    machine: str
    host: Future[Any]
    makes_anew: bool
    """Whether it makes databases for all places of its machine."""
    checks: bool
    """Whether it runs Django's system checks for all."""
    asked: Future[Any] | None = None
    """What it has yet to answer."""
    task: str = ""
    """What Dask shows of that."""
    is_ready: bool = False
    has_worker: bool = False
    """Whether there is a process that runs tests."""


@dataclass(frozen=True, kw_only=True)
class Gone:
    """A place is no more."""

    place: Place
    how: str


class Places:
    """All places of one run."""

    def __init__(
        self,
        tasks: Tasks,
        project: ClientProject,
        plan: HostPlan,
        *,
        limit: int | None,
        take_ready: Callable[[Ready], None],
    ) -> None:
        """Start hosts. Raises CddsError where a worker is different from this machine.

        `plan` is what the first host is told; others differ in their number. `limit` is the largest
        number of places, by default as many as there are now. `take_ready` is handed what each host
        says first.
        """
        self._tasks = tasks
        self._project = project
        self._plan = plan
        self._take_ready = take_ready
        self._machines = Machines(tasks, project)
        self.by_number: dict[int, Place] = {}
        self.generations: Counter[int] = Counter()
        """How many processes each number has had."""
        self._looked_at_s = time.monotonic()
        self._made_anew: set[str] = set()
        """The machines on which databases are made anew, or have been."""
        self._has_checked = False
        self.limit = self._machines.threads if limit is None else limit
        self._settle()

    def await_first(self) -> None:
        """Wait until tests can run somewhere. Raises CddsError where they can't."""
        while not any(place.is_ready for place in self.by_number.values()):
            for event in self.events(_LOOK_S):
                if isinstance(event, Gone):
                    print(f"{event.place.address}: {event.how}", file=sys.stderr)

    def ask(self, place: Place, message: bytes | None, task: str) -> None:
        """Have a host do something, or go on. Its answer comes with `events`."""
        place.task = task
        place.asked = self._tasks.submit(
            agent.ask, place.host, message, task=task, address=place.address
        )

    def events(self, timeout_s: float) -> Iterator[tuple[Place, Any] | Gone]:
        """Yield what hosts have answered, and places that are gone; wait for the first."""
        for future in self._tasks.finished(timeout_s):
            place = next((p for p in self.by_number.values() if p.asked is future), None)
            if place is not None:
                yield from self._answer(place, future)
        if time.monotonic() - self._looked_at_s > _LOOK_S:
            self._looked_at_s = time.monotonic()
            self._machines.refresh()
            for place in list(self.by_number.values()):
                if place.address not in self._machines.by_address:
                    yield self._lose(place, f"the Dask worker {place.address} is gone")
            self._settle()
            self._machines.require_any()

    def has_run(self) -> None:
        """Take note that tests have run."""
        self._machines.has_run = True

    def tell_all(self, message: bytes) -> None:
        """Send hosts what they don't answer."""
        run = self._plan.run
        self._tasks.run_everywhere(agent.tell_all, run, message, addresses=self._addresses())

    def end_all(self) -> None:
        """End all hosts, in the middle of their tests."""
        run = self._plan.run
        self._tasks.run_everywhere(agent.end_all, run, addresses=self._addresses())
        self.by_number.clear()

    def _addresses(self) -> set[str]:
        present = self._machines.by_address
        return {p.address for p in self.by_number.values() if p.address in present}

    def _settle(self) -> None:
        """Start hosts where there is room."""
        for address, machine in self._machines.by_address.items():
            if machine.known is None:
                continue
            held = sum(place.address == address for place in self.by_number.values())
            for _ in range(machine.threads - held):
                numbers = range(1, self.limit + 1)
                number = next((n for n in numbers if n not in self.by_number), None)
                if number is None or not self._may_start(machine.known["machine"]):
                    break
                self._start(number, address, machine.known)

    def _may_start(self, machine: str) -> bool:
        """Whether a host there would not make anew what another is making anew."""
        if not self._plan.anew or machine not in self._made_anew:
            return True
        return any(p.is_ready for p in self.by_number.values() if p.machine == machine)

    def _start(self, number: int, address: str, known: Mapping[str, Any]) -> None:
        machine, project = known["machine"], self._project
        plan = replace(
            self._plan,
            worker=number,
            anew=self._plan.anew and machine not in self._made_anew,
            check=not self._has_checked,
        )
        self._has_checked = True
        self._made_anew.add(machine)
        host = self._tasks.submit(
            agent.start,
            known["process"],
            known["root"],
            self._plan.run,
            project.options,
            project.command,
            dict(project.environment),
            packed(plan),
            task="cdds-start",
            address=address,
            stays=True,
        )
        place = Place(
            number=number,
            address=address,
            machine=machine,
            host=host,
            makes_anew=plan.anew,
            checks=plan.check,
        )
        self.by_number[number] = place
        self.ask(place, None, "cdds-prepare")

    def _answer(self, place: Place, future: Future[Any]) -> Iterator[tuple[Place, Any] | Gone]:
        found = self._tasks.result(future)
        place.asked = None
        kind, content = found or ("gone", b"")
        if kind == "answer":
            answer = pickle.loads(content)
            if isinstance(answer, Ready):
                place.is_ready = True
                self._take_ready(answer)
            elif isinstance(answer, NotReady):
                self._give_up(place, answer)
            else:
                yield place, answer
            return
        how = f"the Dask worker {place.address} is gone"
        if kind == "dead":
            text = content.decode(errors="replace").strip()
            if not place.is_ready:
                self._give_up(place, NotReady(text=f"Its process ended: {text}"))
                return
            how = f"its process on {place.address} ended: {text}"
        yield self._lose(place, how)

    def _give_up(self, place: Place, answer: NotReady) -> None:
        if answer.is_check:
            raise SystemCheckError(answer.text)
        self._lose(place, "")
        text = f"Worker {place.address} can't run tests. {answer.text.strip()}"
        self._machines.give_up(place.address, text)

    def _lose(self, place: Place, how: str) -> Gone:
        del self.by_number[place.number]
        if not place.is_ready:
            # The next one does what it was to do for all.
            self._has_checked = self._has_checked and not place.checks
            if place.makes_anew:
                self._made_anew.discard(place.machine)
        for future in (place.asked, place.host):
            if future is not None:
                future.cancel(force=True)
        return Gone(place=place, how=how)
