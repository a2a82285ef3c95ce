"""Broken documents: `python -m benchmarks.contract_fuzz CORPUS [EXAMPLES]`. Needs hypothesis.

Documents of the corpus (see `contract_corpus`) are edited at random places and compared with what
they were, both as they are and through the text of a snapshot. Whatever is wrong with them has to
end in a ContractError or in a difference, and soon.
"""

import copy
import json
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdds_django.contract.diff import diff
from cdds_django.contract.documents import check_version, parse
from cdds_django.contract.formats.catalogue import FORMATS
from cdds_django.contract.report import report_of
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_text import parsed, rendered
from cdds_django.errors import ContractError

SLOW_S = 5.0
"""Seconds after which one comparison counts as hanging."""

WORDS = st.sampled_from(
    [
        "$ref",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "items",
        "properties",
        "required",
        "enum",
        "type",
        "nullable",
        "readOnly",
        "discriminator",
        "mapping",
        "schema",
        "content",
        "in",
        "name",
        "x-sunset",
        "deprecated",
        "security",
        "parameters",
        "additionalProperties",
        "const",
        "if",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["#", "#/", "#/components/schemas/Nothing", "#/paths", "other.yaml#/A"])
    | st.sampled_from(["string", "object", "array", "null", "2030-01-31"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(node: object, found: list) -> list:
    """Return every container of a document with each of its keys."""
    if isinstance(node, dict):
        found += [(node, key) for key in node]
        for value in node.values():
            places(value, found)
    elif isinstance(node, list):
        found += [(node, index) for index in range(len(node))]
        for value in node:
            places(value, found)
    return found


def main(path: str, examples: int) -> None:
    """Compare edited documents; raise whatever comes of it but a ContractError."""
    documents = [p["base"] for p in json.loads(Path(path).read_text(encoding="utf-8"))["pairs"]]
    counts = {"compared": 0, "refused": 0}
    slowest_s = 0.0

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=True,
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        nonlocal slowest_s
        base = data.draw(st.sampled_from(documents))
        head = copy.deepcopy(base)
        for _ in range(data.draw(st.integers(1, 4))):
            known = places(head, [])
            container, key = known[data.draw(st.integers(0, len(known) - 1))]
            match data.draw(st.sampled_from(["value", "delete", "move", "add"])):
                case "value":
                    container[key] = data.draw(VALUES)
                case "delete":
                    del container[key]
                case "move":
                    other, name = known[data.draw(st.integers(0, len(known) - 1))]
                    container[key] = (
                        copy.deepcopy(other[name])
                        if name in other or (isinstance(other, list) and name < len(other))
                        else None
                    )
                case "add" if isinstance(container, dict):
                    container[data.draw(WORDS)] = data.draw(VALUES)
            if not isinstance(head, dict) or not places(head, []):
                break
        began = time.perf_counter()
        try:
            whole = parse(json.dumps(head).encode(), "edited.json")
            check_version(whole, "edited.json")
            new = snapshot_of(whole)
            old = snapshot_of(base)
            found = diff(old, parsed(rendered(new).encode(), "text"))
            assert [change.id for change in found.changes] == [
                change.id for change in diff(old, new).changes
            ]
            for name in FORMATS:
                FORMATS[name]([report_of(found)])
            diff(new, old)
            counts["compared"] += 1
        except ContractError:
            counts["refused"] += 1
        took_s = time.perf_counter() - began
        slowest_s = max(slowest_s, took_s)
        assert took_s < SLOW_S, took_s

    run()
    print(f"{counts['compared']} compared, {counts['refused']} refused; slowest {slowest_s:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
