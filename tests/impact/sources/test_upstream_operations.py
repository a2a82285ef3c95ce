"""`impact.sources.upstream_operations`: calls of other services, noted, named and worded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdds_django import upstream_calls
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.existence import Existence
from cdds_django.impact.sources.files import Files
from cdds_django.impact.sources.processes import Processes
from cdds_django.impact.sources.upstream_operations import (
    UpstreamOperations,
    change_of,
    dependencies_of_call,
    operation_and_caller,
    sentence,
)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    sources = (UpstreamOperations(), Files(), Existence(), Processes())
    recorder = Recorder(SourceTree(tmp_path, (tmp_path,)), sources)
    recorder.start()
    recorder.take()
    yield recorder
    recorder.stop()


def joined(recorder: Recorder) -> set[tuple[str, str]]:
    """Return what the calls of a scope mean, with one document that has a name."""
    services = {"contracts/payments.json": "payments"}
    return {
        tuple(dependency)
        for kind, key in recorder.take()
        if kind == "upstream_call"
        for dependency in dependencies_of_call(key, services)
    }


def test_call_from_a_file_of_the_project(recorder: Recorder, tmp_path: Path) -> None:
    document = str(tmp_path / "contracts" / "payments.json")
    source = "def charge(report, document):\n    report(document, 'POST /charges')\n"
    namespace: dict[str, Any] = {}
    exec(compile(source, str(tmp_path / "shop" / "gateway.py"), "exec"), namespace)
    namespace["charge"](upstream_calls.report, document)

    assert joined(recorder) == {
        ("upstream", "payments:"),
        ("upstream", "payments:POST /charges"),
        ("upstream_caller", "payments:POST /charges shop/gateway.py"),
    }


def test_call_that_is_heard_of_later_has_no_caller(recorder: Recorder, tmp_path: Path) -> None:
    document = str(tmp_path / "contracts" / "payments.json")
    source = "def read(report, document):\n    report(document, 'GET /a', from_caller=False)\n"
    namespace: dict[str, Any] = {}
    exec(compile(source, str(tmp_path / "tests.py"), "exec"), namespace)
    namespace["read"](upstream_calls.report, document)

    assert {kind for kind, _ in joined(recorder)} == {"upstream"}


def test_use_and_unknown_operation_without_caller(recorder: Recorder, tmp_path: Path) -> None:
    document = str(tmp_path / "contracts" / "payments.json")
    upstream_calls.report(document, upstream_calls.IN_USE)
    assert joined(recorder) == {("upstream", "payments:")}
    upstream_calls.report(document, upstream_calls.UNKNOWN)
    assert joined(recorder) == {("upstream", "payments:"), ("upstream", "payments:*")}


def test_document_without_a_name_is_a_file(recorder: Recorder, tmp_path: Path) -> None:
    upstream_calls.report(str(tmp_path / "other.json"), "GET /a")

    assert joined(recorder) == {("file", "other.json")}


def test_reading_that_is_told_otherwise(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "payments.json").write_text("{}")
    source = (
        "def read(quiet, path, run):\n"
        "    with quiet():\n"
        "        path.exists(), path.read_text(), run()\n"
    )
    namespace: dict[str, Any] = {}
    exec(compile(source, str(tmp_path / "shop.py"), "exec"), namespace)

    def run() -> None:
        subprocess.run([sys.executable, "-c", ""], check=True)

    namespace["read"](upstream_calls.told_otherwise, tmp_path / "payments.json", run)

    assert {kind for kind, _ in recorder.take()} <= {"code", "import"}


def test_listening_ends(recorder: Recorder, tmp_path: Path) -> None:
    recorder.stop()
    upstream_calls.report(str(tmp_path / "payments.json"), "GET /a")

    assert recorder.take() == frozenset()


def test_fingerprints(tmp_path: Path) -> None:
    project = Project(
        tree=SourceTree(tmp_path, (tmp_path,)), operations={}, upstreams={"a:GET /": "1:2:3"}
    )
    found = UpstreamOperations().fingerprints(["a:GET /", "a:POST /"], project)

    assert found == {"a:GET /": "1:2:3", "a:POST /": "absent"}


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("1:2:3:4", "1:2:0:4", "examples changed"),
        ("1:2:3:4", "1:2:0:0", "examples changed"),
        ("1:2:3:4", "1:2:3:0", "related operations changed"),
        ("1:2:3:4", "1:0:0:4", "response changed"),
        ("1:2:3:4", "0:0:3:4", "request and response changed"),
        ("1:2:3:4", "absent", "removed"),
        ("absent", "1:2:3:4", "added"),
        ("1:2:3:4", "unreadable 4", "changed"),
    ],
)
def test_change(before: str, now: str, change: str) -> None:
    assert change_of(before, now) == change


@pytest.mark.parametrize(
    ("key", "change", "said"),
    [
        ("pay:POST /a", "response changed", "pay: POST /a response changed"),
        ("pay:POST /a", "removed", "pay: POST /a was removed"),
        ("pay:", "changed", "pay: its document changed"),
        ("pay:", "removed", "pay: its document was removed"),
        ("pay:*", "changed", "pay: its list of operations changed"),
    ],
)
def test_sentence(key: str, change: str, said: str) -> None:
    assert sentence(key, change) == said


def test_caller_as_people_read_it() -> None:
    assert operation_and_caller("pay:POST /a b shop/gateway/__init__.py") == (
        "pay:POST /a b",
        "shop.gateway",
    )
    assert Dependency("upstream", "a") != Dependency("upstream_caller", "a")
