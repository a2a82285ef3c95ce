"""Which role an operation has, by its path, its method and what it answers with."""

from __future__ import annotations

from cdds_django.mock.answers.replies import Replies
from cdds_django.mock.answers.roles import (
    Answer,
    CopyAnswer,
    CreateAnswer,
    DeleteAnswer,
    ExampleAnswer,
    ListAnswer,
    ReadAnswer,
    WriteAnswer,
)
from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.resources.collection import Collection
from cdds_django.mock.resources.discovery import Discovery, key_of


def answer_for(operation: CompiledOperation, replies: Replies, discovery: Discovery) -> Answer:
    """Return what an operation does. Raises UnusableDocumentError."""
    key = key_of(operation.path)
    parent, _, last = key.rpartition("/")
    if last == "{}":
        collection = discovery.collection(parent)
        if collection is None or not discovery.is_about_one(operation):
            return ExampleAnswer(replies)
        return _on_one(operation, replies, collection, 1)
    if discovery.is_singleton(key):
        return _on_one(operation, replies, discovery.singleton(key), 0)
    collection = discovery.collection(key)
    if operation.method == "POST" and collection is not None and collection.can_create:
        return CreateAnswer(operation, replies, collection)
    if operation.method == "GET":
        form = discovery.form(operation)
        is_plain = collection is not None and collection.item is None
        shown = (discovery.shown_part(parent, form) if is_plain else None) or collection
        if form is not None and shown is not None:
            return ListAnswer(operation, replies, shown, form)
    subject = discovery.subject(operation, parent)
    if subject is not None:
        makes_another = operation.responses.success_status == 201 and subject.can_create
        return (CopyAnswer if makes_another else ReadAnswer)(operation, replies, subject)
    return ExampleAnswer(replies)


def _on_one(
    operation: CompiledOperation, replies: Replies, collection: Collection, keys: int
) -> Answer:
    match operation.method:
        case "GET" | "HEAD":
            return ReadAnswer(operation, replies, collection, keys)
        case "PUT" | "PATCH" | "POST":
            return WriteAnswer(operation, replies, collection, keys)
        case "DELETE":
            return DeleteAnswer(operation, replies, collection, keys)
    return ExampleAnswer(replies)
