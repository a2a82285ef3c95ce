"""pytest-testmon, through pytest-django, which the project's environment must have."""

import re
from pathlib import Path

from benchmarks.laboratory.scratch import Scratch
from benchmarks.laboratory.tools.base import Selection, replace
from benchmarks.laboratory.truth import FIRST_LIMIT_S, LaboratoryError

_DATA = ".testmondata"
_ERROR = re.compile(r"^ERROR (\S+\.py)", re.MULTILINE)
_NODE = re.compile(r"^(\S+\.py)::(\S+)$", re.MULTILINE)


class Testmon:
    """`pytest --testmon --collect-only`, after a full run with `--testmon`."""

    name = "testmon"
    confirmed = False
    state = kept = _DATA

    def record(self, scratch: Scratch, directory: Path) -> None:
        """Run everything once."""
        kept = directory / _DATA
        if not kept.exists():
            (scratch.path / _DATA).unlink(missing_ok=True)
            run = scratch.run(*_pytest("-q", "--tb=no"), limit_s=FIRST_LIMIT_S)
            if run.status not in (0, 1):
                raise LaboratoryError(f"testmon didn't run:\n{run.output[-4000:]}")
            directory.mkdir(parents=True, exist_ok=True)
            replace(kept, scratch.path / _DATA)
            (directory / "recorded.txt").write_text(run.output, encoding="utf-8")

    def select(self, scratch: Scratch, directory: Path) -> Selection | None:
        """Collect without running."""
        replace(scratch.path / _DATA, directory / _DATA)
        run = scratch.run(*_pytest("-q", "--collect-only"), limit_s=FIRST_LIMIT_S)
        errors = frozenset(_module(path) for path in _ERROR.findall(run.output))
        if run.status not in (0, 5) and not errors:
            return None
        found = frozenset(
            f"{_module(path)}.{rest.replace('::', '.')}" for path, rest in _NODE.findall(run.output)
        )
        return Selection(
            discovered=_discovered(directory),
            selected=found,
            broken_modules=errors,
            full_run_reason=None,
            changes=[],
        )

    def succeeds(self, scratch: Scratch) -> bool:
        """Run with `--testmon`."""
        return scratch.run(*_pytest("-q"), limit_s=FIRST_LIMIT_S).status in (0, 5)


def _pytest(*options: str) -> list[str]:
    plugins = ("-p", "fast_hasher", "-p", "no:xdist")
    patterns = ("-o", "python_files=test*.py", "-o", "addopts=")
    return ["-m", "pytest", "--testmon", *plugins, *patterns, *options]


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _discovered(directory: Path) -> int:
    """Return the number of tests that the recording run ended with."""
    last = (directory / "recorded.txt").read_text(encoding="utf-8").strip().splitlines()[-1]
    return sum(int(n) for n in re.findall(r"(\d+) (?:passed|failed|skipped|xfailed|error)", last))
