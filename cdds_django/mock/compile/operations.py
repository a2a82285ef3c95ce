"""Operations, compiled on first use: a document may have thousands, and a test calls a few."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.operations import Operation
from cdds_django.contract.references import target_of
from cdds_django.mock.compile.bodies import RequestBody
from cdds_django.mock.compile.parameters import Parameter, parameters_of
from cdds_django.mock.compile.responses import Responses
from cdds_django.mock.compile.routes import names_in
from cdds_django.mock.schemas.conversion import Schemas
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validators
from cdds_django.mock.values.examples import Examples


class Toolkit:
    """What all operations of one document share."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.sent = Validators(Schemas(document, "request"))
        """Of what clients send."""
        self.sent_merger = Merger(self.sent.schemas)
        self.received = Validators(Schemas(document, "response"))
        """Of what clients receive."""
        self.received_merger = Merger(self.received.schemas)
        self.examples = Examples(self.received, self.received_merger)


class CompiledOperation:
    """One operation: how its requests are read and what it may answer.

    Everything is made when it is first asked for, and may raise UnusableDocumentError then.
    """

    def __init__(self, operation: Operation, toolkit: Toolkit) -> None:
        self.id = operation.operation_id
        self.method = operation.method
        self.path = operation.path
        self.path_names = names_in(operation.path)
        self.source = operation.source
        self.toolkit = toolkit
        self._parameters = operation.parameters

    def written_path_parameters(self) -> list[JsonObject]:
        """Return the path parameters as the document writes them. Raises UnusableDocumentError."""
        document = self.toolkit.document
        found = [target_of(document, raw, "a parameter") for raw in self._parameters]
        return [parameter for parameter in found if parameter.get("in") == "path"]

    @cached_property
    def parameters(self) -> dict[str, list[Parameter]]:
        """The parameters by place."""
        tools = self.toolkit
        found: dict[str, list[Parameter]] = {}
        for parameter in parameters_of(
            tools.document, self._parameters, tools.sent, tools.sent_merger
        ):
            found.setdefault(parameter.place, []).append(parameter)
        return found

    @cached_property
    def body(self) -> RequestBody | None:
        """How the body is read, None where the contract has none."""
        if self.source.get("requestBody") is None:
            return None
        tools = self.toolkit
        return RequestBody(
            tools.document, self.source["requestBody"], tools.sent, tools.sent_merger
        )

    @cached_property
    def responses(self) -> Responses:
        """What it may answer."""
        tools = self.toolkit
        return Responses(tools.document, self.source, tools.received.schemas)

    def success_schema(self) -> Any:
        """Return the schema of the JSON that success is answered with, None where it is none."""
        success = self.responses.success
        if success is None or success.json is None:
            return None
        return success.json.schema
