"""`ContractMockMixin` in a project's tests, through our runner: batches, sharing, dependencies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdds_django.mock.testing import ContractMockMixin

NOTE = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "text": {"type": "string"}},
}


def answer(schema: Any, status: str = "200") -> Any:
    content = {"application/json": {"schema": schema}}
    return {"responses": {status: {"description": "", "content": content}}}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "servers": [{"url": "https://notes.test/v1"}],
    "paths": {
        "/notes": {
            "get": {"operationId": "list", **answer({"type": "array", "items": NOTE})},
            "post": {
                "operationId": "create",
                "requestBody": {"content": {"application/json": {"schema": NOTE}}},
                **answer(NOTE, "201"),
            },
        },
        "/notes/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
            ],
            "get": {"operationId": "read", **answer(NOTE)},
        },
        "/ping": {"get": {"operationId": "ping", **answer({"type": "string"})}},
    },
}
SETTINGS = """
CDDS = {"UPSTREAMS": {"notes": "contracts/notes.json"}}
"""
CLIENT = """
import requests

URL = "https://notes.test/v1"


def create(text):
    return requests.post(f"{URL}/notes", json={"text": text}).json()


def texts():
    return [note["text"] for note in requests.get(f"{URL}/notes").json()]


def ping():
    return requests.get(f"{URL}/ping").json()
"""
HANDLERS = """
def register(mock):
    mock.handler("ping")(lambda scene: "pong")
"""
TESTS = """
import os

from django.test import SimpleTestCase, TestCase

from cdds_django.mock.testing import ContractMockMixin
from shop import client


class InProcess(ContractMockMixin, TestCase):
    mock_spec = "notes"
    databases = []

    @classmethod
    def prepare_mock(cls):
        cls.mock.handler("ping")(lambda scene: "pong")

    @classmethod
    def setUpTestData(cls):
        client.create("of the class")

    def test_one(self):
        client.create("one")
        self.assertEqual(client.texts(), ["of the class", "one"])
        self.assertTrue(self.mock.batch_id.startswith(os.environ["TEST_BATCH_ID"]))

    def test_two(self):
        client.create("two")
        self.assertEqual(client.texts(), ["of the class", "two"])
        self.assertEqual(client.ping(), "pong")

    def test_no_calls(self):
        self.assertEqual(self.mock.calls, ())


class Seeded(ContractMockMixin, SimpleTestCase):
    mock_spec = "contracts/notes.json"
    mock_seed = {"/notes": [{"id": 7, "text": "seeded"}]}

    def test_seed(self):
        self.assertEqual(client.texts(), ["seeded"])
"""
SERVED = """
from django.test import SimpleTestCase

from cdds_django.mock.testing import ContractMockMixin
from shop import client


class Served(ContractMockMixin, SimpleTestCase):
    mock_spec = "notes"
    mock_over_http = True
    mock_handlers = "shop.handlers"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        client.create("of the class")

    def test_one(self):
        client.create("one")
        self.assertEqual(client.texts(), ["of the class", "one"])

    def test_two(self):
        client.create("two")
        self.assertEqual(client.texts(), ["of the class", "two"])

    def test_ping(self):
        self.assertEqual(client.ping(), "pong")
        print(f"served by {self.mock.url}")


class ServedToo(Served):
    pass
"""


def edited(path: str, method: str) -> str:
    document = json.loads(json.dumps(DOCUMENT))
    document["paths"][path][method]["responses"]["418"] = {"description": "A teapot."}
    return json.dumps(document)


@pytest.fixture
def project(make_project: Any) -> Any:
    return make_project(
        {
            "shop/__init__.py": "",
            "shop/client.py": CLIENT,
            "shop/handlers.py": HANDLERS,
            "contracts/notes.json": json.dumps(DOCUMENT),
            "tests/__init__.py": "",
            "tests/test_in_process.py": TESTS,
            "tests/test_served.py": SERVED,
        },
        SETTINGS,
    )


def test_in_process_and_served(project: Any) -> None:
    run = project.test("--parallel", "2")
    assert run.last_line == "10 passed, 0 failed", run.text
    served = {line for line in run.output.splitlines() if line.startswith("served by")}
    assert len(served) == 1, "both workers use one server"

    def selected(path: str, method: str) -> set[str]:
        project.write({"contracts/notes.json": edited(path, method)})
        run = project.test("--delta", "--explain")
        assert run.report["full_run_reason"] is None, run.text
        assert "through manage" not in run.output, run.output
        return {test.replace("ServedToo", "Served") for test in run.ids("selected")}

    assert project.test("--delta", "--explain").ids("selected") == []
    everyone = {
        *("InProcess.test_no_calls", "InProcess.test_one", "InProcess.test_two"),
        *("Served.test_one", "Served.test_two", "Served.test_ping"),
    }
    assert selected("/ping", "get") == {"InProcess.test_two", "Served.test_ping"}
    assert selected("/notes", "post") == everyone
    assert selected("/notes", "get") == everyone - {
        *("InProcess.test_no_calls", "Served.test_ping")
    } | {"Seeded.test_seed"}
    assert selected("/notes/{id}", "get") == set()


def test_spec_is_asked_for() -> None:
    class Case(ContractMockMixin):
        pass

    with pytest.raises(Exception, match="has no `mock_spec`"):
        Case.setUpClass()


def test_state_directory_is_all_that_is_left(project: Any) -> None:
    run = project.test("tests.test_served", "--parallel", "1", "--no-record")
    assert run.last_line == "6 passed, 0 failed", run.text
    kept = {path.suffix for path in Path(project.path, ".cdds", "mock").iterdir()}
    assert kept == {".lock", ".in-use", ".json"}
