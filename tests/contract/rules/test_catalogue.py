"""The list of all rules: each has an example, an id of its own, and a line in the documentation."""

from __future__ import annotations

from pathlib import Path

from cdds_django.contract.rules.catalogue import RULES, SCHEMA_MODULES, SINGLE_RULES
from cdds_django.contract.rules.page import page

from .examples import PROPERTIES, SCHEMAS
from .operation_examples import DOCUMENTS, OPERATIONS

PAGE = Path(__file__).parents[3] / "docs" / "contract-rules.md"
FAMILIES = [family for module in SCHEMA_MODULES for family in module.FAMILIES]


def shown():
    """Return the ids in examples of operations and documents, which are compared one by one."""
    examples = (*OPERATIONS.values(), *DOCUMENTS.values())
    return {rule.split()[0] for _, _, *sides in examples for s in sides for rule in s.split(", ")}


def test_every_rule_has_an_example():
    in_schemas = {end for *ends, _, _ in (*SCHEMAS, *PROPERTIES) for end in ends}
    for family in FAMILIES:
        ids = {rule.id for rule in family.rules}
        assert family.suffix in in_schemas or ids & shown(), family.suffix
    single = {rule.id for _, rules in SINGLE_RULES for rule in rules}
    assert single - shown() == set()


def test_ids_are_unique():
    rules = [rule for family in FAMILIES for rule in family.rules]
    rules += [rule for _, single in SINGLE_RULES for rule in single]
    assert len(rules) == len(RULES)
    assert len(FAMILIES) + sum(len(single) for _, single in SINGLE_RULES) >= 150


def test_the_page_is_complete():
    written = PAGE.read_text(encoding="utf-8")
    remedy = "python -m cdds_django.contract.rules.page > docs/contract-rules.md"
    assert written == page(), f"The page is not what the rules say. Run: {remedy}"
