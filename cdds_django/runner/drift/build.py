"""The process that compares the code's contract with the committed one. Run as `python -m`.

It reads a request as JSON from standard input and writes its answer as JSON to standard output.
A process of its own has the settings that `contract_diff` has, not those of tests, and whatever the
project's code does while a schema is built can't disturb them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cdds_django.contract.diff import diff
from cdds_django.contract.policy import read_policy
from cdds_django.contract.snapshot_file import read_snapshot
from cdds_django.contract.sources import snapshot_of_project
from cdds_django.errors import CddsError
from cdds_django.impact.code.tree import SourceTree, loaded_modules
from cdds_django.impact.imports.probe import WATCHED
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import STAND_INS
from cdds_django.runner.drift.changes import ContractChange

_NICENESS = 10
"""Workers come first where there are no more cores than workers."""


def main() -> None:
    """Answer the request on standard input."""
    request: Mapping[str, Any] = json.load(sys.stdin)
    # What the project's code prints is nobody's to read.
    answer = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.nice(_NICENESS)
    sys.path[:] = request["sys_path"]
    # Settings may ask which command this is.
    sys.argv[:] = [request["program"], "contract_diff"]
    tree = SourceTree(Path(request["root"]), tuple(map(Path, request["sources"])))
    recorder = Recorder(tree, WATCHED)
    recorder.start()
    try:
        told = _told(request, recorder)
    finally:
        # While Python goes down it would complain, after what is to be read.
        recorder.stop()
    seen = recorder.hand_over().shared
    told["seen"] = sorted(one for one in seen if one.kind not in STAND_INS)
    told["loaded"] = sorted(loaded_modules(tree))
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(told, file)


def _told(request: Mapping[str, Any], recorder: Recorder) -> dict[str, Any]:
    """Return what differs or why that can't be told; `recorder` shares what it took to know."""
    import django

    recorder.take()
    django.setup()
    try:
        told: dict[str, Any] = {"changes": _changes(request)}
    except CddsError as error:
        told = {"problem": str(error)}
    recorder.share()
    recorder.look()
    return told


def _changes(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    today = date.today()
    committed = read_snapshot(Path(request["snapshot"]))
    found = diff(committed, snapshot_of_project(), today)
    applied = read_policy(Path(request["policy"])).applied(found, today)
    return [
        ContractChange(
            id=change.id,
            level=change.level,
            operation=change.operation,
            operation_id=change.operation_id,
            text=change.text,
            cause=change.cause,
            operations=change.operations,
            approved=change.approved,
        ).as_json()
        for change in applied.changes
    ]


if __name__ == "__main__":
    main()
