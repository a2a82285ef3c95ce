"""References inside a document, and where errors are."""

from __future__ import annotations

import pytest

from cdds_django.contract.references import (
    UnusableDocumentError,
    explained,
    pointer_to,
    resolve,
    target_of,
)

DOCUMENT = {"a/b": {"c~d": [{"x": 1}]}, "one": {"$ref": "#/two"}, "two": {"$ref": "#/one"}}


def test_pointers_with_escapes_and_indexes():
    assert resolve(DOCUMENT, "#/a~1b/c~0d/0", {}) == {"x": 1}
    assert resolve(DOCUMENT, "#", {}) is DOCUMENT


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("http://example.com/schemas.json", "nothing is fetched"),
        ("other.yaml#/a", "nothing is fetched"),
        ("#/nowhere", "names nothing"),
        ("#anchor", "anchor"),
        (7, "must be a string"),
    ],
)
def test_unusable_references(reference, words):
    with pytest.raises(UnusableDocumentError, match=words):
        resolve(DOCUMENT, reference, {})


def test_a_circle_of_references_is_refused():
    with pytest.raises(UnusableDocumentError, match="itself"):
        target_of(DOCUMENT, DOCUMENT["one"], "a parameter")


def test_the_place_is_named_by_file_and_pointer():
    place = DOCUMENT["a/b"]["c~d"][0]
    error = explained(UnusableDocumentError(place, "x must be y."), DOCUMENT, "shop.json")
    assert str(error) == "shop.json, at #/a~1b/c~0d/0: x must be y."


def test_a_document_that_contains_itself():
    whole: dict[str, object] = {}
    whole["self"] = whole
    assert pointer_to(whole, object()) is None
