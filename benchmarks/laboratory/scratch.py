"""Copies of a project in which mutants are applied and tests run."""

import compileall
import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from py_compile import PycInvalidationMode

from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.projects import CHECKOUT, Project
from benchmarks.laboratory.warm import STARTER, Warm

STATE = ".cdds"
_KEPT_APART = {STATE, "__pycache__"}
_RUNNERS = (
    "stock_runner.py",
    "laboratory/outcome_runner.py",
    "laboratory/kept_database.py",
    "laboratory/fast_hasher.py",
    f"laboratory/{STARTER}",
)


@dataclass(frozen=True)
class Run:
    """How a command ended."""

    status: int | None
    """The exit status; None where it took too long."""
    output: str
    """What it printed, standard error included."""


@dataclass(frozen=True)
class Scratch:
    """A copy of a project's tracked files."""

    project: Project
    path: Path

    @classmethod
    def make(cls, project: Project, name: str) -> "Scratch":
        """Return the copy of this name, brought to the state of the project's tree."""
        scratch = cls(project, project.lab / name)
        scratch.path.mkdir(parents=True, exist_ok=True)
        scratch.reset()
        compileall.compile_dir(
            scratch.path, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
        )
        return scratch

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(self.project.tracked())

    def reset(self) -> None:
        """Undo all that mutants and tests did to the files, but leave the map."""
        wanted = self._tracked
        for path in wanted:
            original, copy = os.path.join(self.project.root, path), os.path.join(self.path, path)
            if not _same(original, copy):
                os.makedirs(os.path.dirname(copy), exist_ok=True)
                shutil.copy2(original, copy)
        for directory, names, files in os.walk(self.path, topdown=True):
            names[:] = [name for name in names if name not in _KEPT_APART]
            for name in files:
                stray = os.path.join(directory, name)
                if stray[len(str(self.path)) + 1 :] not in wanted:
                    os.unlink(stray)

    @contextmanager
    def mutated(self, mutant: Mutant) -> Iterator[None]:
        """Have a mutant applied for a while."""
        mutant.apply(self.path)
        try:
            yield
        finally:
            self.reset()

    def database_copy(self) -> Path:
        """Return where to keep the migrated databases of the tree as it is.

        Trees share them where all Python files are the same that may shape a database.
        """
        digest = hashlib.sha256()
        for directory, names, files in os.walk(self.path, topdown=True):
            names[:] = sorted(name for name in names if name not in _KEPT_APART)
            for name in sorted(files):
                path = os.path.join(directory, name)
                relative = path[len(str(self.path)) + 1 :]
                apart = any(fnmatch(relative, p) for p in self.project.apart_from_database)
                if name.endswith(".py") and not apart:
                    content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
                    digest.update(f"{relative} {content}\n".encode())
        copies = self.project.lab / "databases"
        copies.mkdir(parents=True, exist_ok=True)
        return copies / digest.hexdigest()[:16]

    def environment(self) -> dict[str, str]:
        """Return the variables that all commands get: few, and always the same."""
        runners = self.project.lab / "runners"
        runners.mkdir(parents=True, exist_ok=True)
        for name in _RUNNERS:
            shutil.copy(CHECKOUT / "benchmarks" / name, runners)
        temporary = self.path.with_name(f"{self.path.name}-tmp")
        temporary.mkdir(exist_ok=True)
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "TMPDIR": str(temporary),
            "PYTHONPATH": os.pathsep.join(filter(None, [self.project.package, str(runners)])),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": self.project.settings,
            **self.project.variables,
        }

    def run(self, *arguments: str, limit_s: float, **variables: str) -> Run:
        """Run the project's Python, for so many seconds at most."""
        for directory in self.project.directories:
            (self.path / directory).mkdir(parents=True, exist_ok=True)
        environment = self.environment() | variables
        if arguments[0] == "manage.py":
            output = self.path.with_name(f"{self.path.name}-output.txt")
            status = self._warm.run(
                arguments, path=self.path, environment=environment, output=output, limit_s=limit_s
            )
            return Run(status, output.read_text(encoding="utf-8", errors="replace"))
        return self._run_alone(arguments, environment, limit_s)

    @cached_property
    def _warm(self) -> Warm:
        return Warm(self.project.python, self.project.lab / "runners" / STARTER)

    def _run_alone(
        self, arguments: Sequence[str], environment: dict[str, str], limit_s: float
    ) -> Run:
        process = subprocess.Popen(
            [self.project.python, *arguments],
            cwd=self.path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            return Run(None, output)
        return Run(process.returncode, output)

    def test(
        self, *options: str, limit_s: float, labels: Sequence[str] = (), **variables: str
    ) -> Run:
        """Run `manage.py test`."""
        chosen = labels or self.project.labels
        arguments = ("manage.py", "test", *chosen, "--noinput", "--parallel", "1", *options)
        return self.run(*arguments, limit_s=limit_s, **variables)


def _same(original: str, copy: str) -> bool:
    try:
        here, there = os.stat(original), os.stat(copy)
    except FileNotFoundError:
        return False
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
