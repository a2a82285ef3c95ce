"""Contract snapshots: made from a document, read from and written to the file that is committed."""

from __future__ import annotations

from pathlib import Path

from cdds_django.contract.canonical import CanonicalOperation, OperationReader
from cdds_django.contract.collector import paused
from cdds_django.contract.hashing import SchemaDigests, digests_of
from cdds_django.contract.literals import REFERENCE, JsonObject, text_of
from cdds_django.contract.operations import Operation, id_warnings, operations_of, webhooks_of
from cdds_django.contract.references import UnusableDocumentError, explained
from cdds_django.contract.snapshot_file import read_snapshot
from cdds_django.contract.snapshot_rows import OperationRow, SchemaRow, Snapshot
from cdds_django.contract.snapshot_text import rendered
from cdds_django.errors import ContractError
from cdds_django.files import write_text

__all__ = ["OperationRow", "Snapshot", "read_snapshot", "snapshot_of", "write_snapshot"]


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Write `snapshot` to the file `path`, the same bytes for the same contract.

    Raises StateFileError when it can't be written; the old file is then still there.
    """
    with paused():
        text = rendered(snapshot)
    write_text(path, text)


def snapshot_of(document: JsonObject, origin: str = "The schema") -> Snapshot:
    """Return the snapshot of an OpenAPI 3 `document`.

    `origin` (a file's name, say) is named in errors. Raises ContractError for a document that
    isn't shaped as OpenAPI asks, with the pointer of the place.
    """
    try:
        with paused():
            return _snapshot_of(document, origin)
    except UnusableDocumentError as error:
        raise explained(error, document, origin) from None
    except RecursionError:
        raise ContractError(
            f"{origin}: schemas are nested too deeply to be read. Move the inner ones into "
            "components and refer to them."
        ) from None


def _snapshot_of(document: JsonObject, origin: str) -> Snapshot:
    operations, webhooks = operations_of(document), webhooks_of(document)
    reader = OperationReader(document)
    read = [reader.read(operation) for operation in (*operations, *webhooks)]
    reader.schemas.drain()
    nodes = reader.schemas.nodes
    digests = digests_of(nodes)
    rows = tuple(
        _row(operation, canonical, digests)
        for operation, canonical in zip((*operations, *webhooks), read, strict=True)
    )
    for form, name in reader.schemas.inline:
        if form.get(REFERENCE) == name:
            del form[REFERENCE]
            form.update(nodes[name].body)
    schemas = {
        name: SchemaRow(digest=digests.meaning[name], schema=node.body)
        for name, node in sorted(nodes.items())
        if not name.startswith("~")
    }
    return Snapshot(
        operations=rows[: len(operations)],
        webhooks=rows[len(operations) :],
        schemas=schemas,
        document=reader.read_document(),
        warnings=tuple(f"{origin}: {warning}" for warning in id_warnings(operations)),
    )


def _row(
    operation: Operation, canonical: CanonicalOperation, digests: SchemaDigests
) -> OperationRow:
    request, responses = text_of(canonical.request), text_of(canonical.responses)
    return OperationRow(
        operation_id=operation.operation_id,
        method=operation.method,
        path=operation.path,
        request_hash=digests.hash_of_text(request),
        response_hash=digests.hash_of_text(responses),
        documentation_hash=digests.documentation_hash(
            canonical.documentation, (request, responses)
        ),
        lifecycle=canonical.lifecycle,
        tags=canonical.tags,
        request=canonical.request,
        responses=canonical.responses,
    )
