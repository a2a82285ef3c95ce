"""Which alternatives of two compositions are the same, and which became which."""

from __future__ import annotations

from dataclasses import dataclass

from cdds_django.contract.forms import without_use
from cdds_django.contract.hashing import names_in, with_names
from cdds_django.contract.literals import REFERENCE, JsonObject, text_of
from cdds_django.contract.sites import Schemas, resolved


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """The alternatives of two lists that have no equal in the other."""

    changed: list[tuple[JsonObject, JsonObject]]
    """Those that are the same component, or the only ones left, before and after an edit."""
    gone: list[JsonObject]
    new: list[JsonObject]


def unmatched(
    base: list[JsonObject], head: list[JsonObject], base_schemas: Schemas, head_schemas: Schemas
) -> Pairing:
    """Compare two lists of canonical forms by meaning, then by the names they refer to."""
    before, after = _by_meaning(base, base_schemas), _by_meaning(head, head_schemas)
    gone = [form for text in sorted(before) for form in before[text][len(after.get(text, ())) :]]
    new = [form for text in sorted(after) for form in after[text][len(before.get(text, ())) :]]
    # An edit of a component leaves the text of what refers to it, so this is the same alternative.
    by_text = {text_of(form): form for form in new}
    changed = [
        (form, successor)
        for form in gone
        if (successor := by_text.pop(text_of(form), None)) is not None
    ]
    taken = {id(form) for pair in changed for form in pair}
    gone = [form for form in gone if id(form) not in taken]
    new = [form for form in new if id(form) not in taken]
    if len(gone) == len(new) == 1 and not (REFERENCE in gone[0] and REFERENCE in new[0]):
        changed.append((gone.pop(), new.pop()))
    return Pairing(changed=changed, gone=gone, new=new)


def meaning_of(form: JsonObject, schemas: Schemas) -> str:
    """Return a text that two canonical forms share where they mean the same."""
    text = text_of(form)
    digests = {name: schemas[name].digest for name in names_in(text) if name in schemas}
    return with_names(text, digests)


def is_among(
    form: JsonObject, schemas: Schemas, branches: list[JsonObject], branch_schemas: Schemas
) -> bool:
    """Whether a resolved schema means the same as one of the alternatives `branches`."""
    meaning = meaning_of(without_use(form), schemas)
    resolved_branches = (without_use(resolved(branch, branch_schemas)) for branch in branches)
    return any(meaning == meaning_of(branch, branch_schemas) for branch in resolved_branches)


def _by_meaning(forms: list[JsonObject], schemas: Schemas) -> dict[str, list[JsonObject]]:
    found: dict[str, list[JsonObject]] = {}
    for form in forms:
        found.setdefault(meaning_of(form, schemas), []).append(form)
    return found
