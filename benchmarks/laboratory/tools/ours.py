"""cdds_django itself."""

import json
from pathlib import Path
from typing import Any

from benchmarks.laboratory.scratch import STATE, Scratch
from benchmarks.laboratory.tools.base import Selection, replace
from benchmarks.laboratory.truth import FIRST_LIMIT_S, LaboratoryError

RUNNER = ("--testrunner", "cdds_django.runner.DeltaDiscoverRunner")
_FAILED = "unittest.loader._FailedTest."


class Ours:
    """`--delta --explain`, against a map that a full run recorded."""

    name = "ours"
    confirmed = True
    state = STATE
    kept = "map"

    def record(self, scratch: Scratch, directory: Path) -> None:
        """Record once; copies share the map, as machines that share a repository do."""
        kept = directory / self.kept
        if not kept.exists():
            replace(scratch.path / STATE, None)
            run = scratch.test(*RUNNER, limit_s=FIRST_LIMIT_S)
            scratch.reset()
            if not (scratch.path / STATE / "impact.sqlite").exists():
                raise LaboratoryError(f"No map of {scratch.project.name}:\n{run.output[-4000:]}")
            directory.mkdir(parents=True, exist_ok=True)
            replace(kept, scratch.path / STATE)

    def select(self, scratch: Scratch, directory: Path) -> Selection | None:
        """Ask for an explanation; nothing runs."""
        replace(scratch.path / STATE, directory / self.kept)
        file = scratch.path.with_name(f"{scratch.path.name}-report.json")
        file.unlink(missing_ok=True)
        options = ("--delta", "--explain", "--report-json", str(file))
        run = scratch.test(*RUNNER, *options, limit_s=FIRST_LIMIT_S)
        if run.status or not file.exists():
            file.with_suffix(".txt").write_text(run.output, encoding="utf-8")
            return None
        return selection(json.loads(file.read_text(encoding="utf-8")))

    def succeeds(self, scratch: Scratch) -> bool:
        """Run with `--delta`, from the map that is there."""
        return scratch.test(*RUNNER, "--delta", limit_s=FIRST_LIMIT_S).status == 0


def selection(report: dict[str, Any]) -> Selection:
    """Return what a JSON report says was selected."""
    ids = {test["id"] for test in report["tests"] if test["outcome"] != "not_selected"}
    failed = {test.removeprefix(_FAILED) for test in ids if test.startswith(_FAILED)}
    return Selection(
        discovered=report["discovered"],
        selected=frozenset(ids),
        broken_modules=frozenset(failed),
        full_run_reason=report["full_run_reason"],
        changes=[f"{c['kind']} {c['key']} {c['change']}: {c['tests']}" for c in report["changes"]],
    )
