"""One operation with all that answers for it."""

from __future__ import annotations

from collections.abc import Mapping

from cdds_django.mock.answers.assignment import answer_for
from cdds_django.mock.answers.context import Context
from cdds_django.mock.answers.replies import Replies
from cdds_django.mock.answers.roles import Answer
from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.handlers import Handler
from cdds_django.mock.messages import MockResponse
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.discovery import Discovery
from cdds_django.mock.state.batches import Batches

_READING = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})


class Endpoint:
    """Made for each operation at the start, and compiled when it is first called."""

    __slots__ = ("_answer", "_batches", "_parents", "handlers", "is_compiled", "operation",
                 "replies")  # fmt: skip

    def __init__(self, operation: CompiledOperation, batches: Batches) -> None:
        self.operation = operation
        self.replies = Replies(operation)
        self.handlers: Mapping[str | None, Handler] = {}
        """By batch, None for all."""
        self.is_compiled = False
        self._answer: Answer = self._not_compiled
        self._parents: list[tuple[Collection, int]] = []
        self._batches = batches

    def compile(self, discovery: Discovery) -> None:
        """Read all that the document says of the operation. Raises UnusableDocumentError."""
        operation = self.operation
        _ = operation.parameters, operation.body, operation.responses
        self._parents = discovery.parents(operation)
        self._answer = answer_for(operation, self.replies, discovery)
        self.is_compiled = True

    def handler(self, batch_id: str) -> Handler | None:
        """Return the function that answers in place of the mock, None when there is none."""
        if not self.handlers:
            return None
        return self.handlers.get(batch_id) or self.handlers.get(None)

    def answer(self, context: Context) -> MockResponse:
        """Answer, and change the state of the batch. Raises LimitError."""
        if self.operation.method not in _READING:
            self._batches.check_memory()
        for collection, depth in self._parents:
            path = context.path
            if not collection.exists(context.batch, path[:depth], path[depth]):
                return self.replies.problem(404, "not found")
        return self._answer(context)

    def _not_compiled(self, context: Context) -> MockResponse:
        raise RuntimeError(f"{self.operation.id} isn't compiled")
