"""Whatever clients do, the mock's answers keep the contract, by the word of another validator."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012

from cdds_django.contract.references import target_of
from cdds_django.mock.messages import MockResponse
from cdds_django.mock.values.examples import Examples
from tests.mock.conftest import Client, compiled, headers_of

OWN_REFUSALS = {400, 404, 405, 409, 415, 422}
"""What the mock may answer with though an operation doesn't declare it."""


class Judge:
    """Says what is wrong with an answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        is_old = document["openapi"].startswith("3.0")
        self.validator = OAS30ReadValidator if is_old else OAS31Validator
        specification = DRAFT4 if is_old else DRAFT202012
        resource = Resource(contents=document, specification=specification)
        self.registry = Registry().with_resource("urn:document", resource)
        self.known: dict[str, Any] = {}

    def faults(self, path: str, method: str, answer: MockResponse) -> list[str]:
        source = self.document["paths"][path][method.lower()]
        status = str(answer.status)
        declared = source["responses"]
        key = next((k for k in (status, f"{status[0]}XX", "default") if k in declared), None)
        if key is None:
            return [] if answer.status in OWN_REFUSALS else [f"status {status} isn't declared"]
        response = target_of(self.document, declared[key], "a response")
        headers = headers_of(answer)
        faults = [
            f"header {name} is missing"
            for name, header in response.get("headers", {}).items()
            if header.get("required") and name.lower() not in headers
        ]
        content = response.get("content", {})
        if not content:
            return faults if answer.status >= 400 or not answer.body else [*faults, "a body"]
        media_type = headers["content-type"]
        if media_type not in content:
            return [*faults, f"content type {media_type}"]
        if "json" not in media_type:
            return faults
        schema = content[media_type].get("schema", {})
        value = json.loads(answer.body)
        return faults + [error.message for error in self._validator(schema).iter_errors(value)]

    def _validator(self, schema: dict[str, Any]) -> Any:
        key = json.dumps(schema, sort_keys=True)
        if key not in self.known:
            absolute = re.sub(r'"\$ref": "#', '"$ref": "urn:document#', key)
            self.known[key] = self.validator(json.loads(absolute), registry=self.registry)
        return self.known[key]


class Walker:
    """A client that does anything: what the contract asks for, something near it, nonsense."""

    def __init__(self, client: Client, document: dict[str, Any], seed: int) -> None:
        self.client = client
        self.document = document
        self.random = Random(seed)
        self.ids: list[str] = ["1", "music"]
        tools = client.core._answering._tools
        self.tools = tools
        self.examples = Examples(tools.sent, tools.sent_merger)
        self.operations = [
            client.core._answering.endpoint(name).operation for name in client.core.operation_ids
        ]

    def step(self) -> tuple[str, str, MockResponse]:
        operation = self.random.choice(self.operations)
        path = operation.path
        for name in operation.path_names:
            path = path.replace(f"{{{name}}}", quote(self._path_value(operation, name), safe=""))
        query = self._query(operation)
        body, headers = self._body(operation)
        answer = self.client(operation.method, path + query, body, **headers)
        self._remember(answer)
        return operation.path, operation.method, answer

    def _made(self, schema: Any, name: str) -> Any:
        seed = str(self.random.random())
        return self.examples.example(schema, seed, name, declared=False)[0]

    def _path_value(self, operation: Any, name: str) -> str:
        chance = self.random.random()
        if chance < 0.7:
            return self.random.choice(self.ids[-12:])
        for parameter in operation.parameters.get("path", []):
            if parameter.name == name and chance < 0.9:
                return str(self._made(parameter.schema, name))
        return self.random.choice(["0", "ä/b", "..", "x" * 50])

    def _query(self, operation: Any) -> str:
        pairs = [
            (parameter.name, self._made(parameter.schema, parameter.name))
            for parameter in operation.parameters.get("query", [])
            if self.random.random() < 0.3
        ]
        if pairs and self.random.random() < 0.2:
            pairs[0] = pairs[0][0], "nonsense"
        return f"?{urlencode(pairs, doseq=True)}" if pairs else ""

    def _body(self, operation: Any) -> tuple[Any, dict[str, str]]:
        if operation.body is None:
            return None, {}
        media = operation.body._single
        if media.kind not in ("json", "application/x-www-form-urlencoded"):
            return b"text", {"content_type": "text/plain"}
        value = self._made(media.schema, "body")
        if isinstance(value, dict) and value and self.random.random() < 0.3:
            name = self.random.choice(list(value))
            value[name] = self.random.choice([None, 7, "", [], {"a": 1}, "x" * 300])
        if media.kind == "json":
            return value, {"idempotency_key": "k"} if self.random.random() < 0.05 else {}
        text = urlencode(value, doseq=True).encode() if isinstance(value, dict) else b"x"
        return text, {"content_type": "application/x-www-form-urlencoded"}

    def _remember(self, answer: MockResponse) -> None:
        location = headers_of(answer).get("location")
        if location:
            self.ids.append(location.rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("name", ["example_document", "shop_document", "payments_document"])
def test_hundreds_of_requests(name, request):
    document = request.getfixturevalue(name)
    client = compiled(document)
    judge, walker = Judge(document), Walker(client, document, seed=1)
    statuses = set()
    for _ in range(300):
        path, method, answer = walker.step()
        statuses.add(answer.status)
        line = walker.client.core.calls("b")[-1]
        assert answer.status < 500, (line, answer)
        assert judge.faults(path, method, answer) == [], (line, answer)
    assert {200, 201, 404, 422} <= statuses


def test_the_judge_sees_what_is_wrong(payments_document):
    judge = Judge(payments_document)
    json_type = ((b"content-type", b"application/json"),)
    bad = MockResponse(200, json_type, b'{"status": "no"}')
    assert judge.faults("/health", "GET", bad)
    assert judge.faults("/health", "GET", MockResponse(418, json_type, b"{}"))
