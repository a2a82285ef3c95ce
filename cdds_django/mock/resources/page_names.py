"""Names that lists of APIs go by: DRF's, GitHub's, Stripe's, Google's and Spring's among them."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ITEMS = _words("results data items records objects values entries content list rows elements edges")
"""Properties of a page that hold its items."""

META: Mapping[str, frozenset[str]] = {
    "total": _words("count total total_count total_items total_results total_elements total_size"),
    "next": _words("next next_page_url next_link next_url next_page"),
    "previous": _words("previous prev previous_page_url prev_link previous_url prev_url"),
    "first": _words("first first_page_url"),
    "last": _words("last last_page_url"),
    "cursor": _words("next_cursor next_page_token next_token cursor end_cursor"),
    "has_more": _words("has_more has_next has_next_page more is_truncated"),
    "has_previous": _words("has_previous has_prev has_previous_page"),
    "page": _words("page current_page page_number number"),
    "pages": _words("total_pages num_pages pages page_count last_page"),
    "size": _words("page_size per_page limit size"),
    "offset": _words("offset skip"),
    "here": _words("returned number_of_elements result_count"),
}
"""Properties of a page that say where it stands."""

NESTED = _words("links _links meta pagination page_info paging metadata response_metadata")
"""Properties of a page that hold such properties in turn."""

QUERY: Mapping[str, frozenset[str]] = {
    "size": _words("limit per_page page_size size first max_results top $top take"),
    "offset": _words("offset skip start start_index $skip"),
    "page": _words("page page_number p"),
    "cursor": _words("cursor starting_after after page_token next_token marker"),
    "ordering": _words("ordering sort order_by sort_by"),
    "direction": _words("direction order sort_order sort_direction dir"),
    "search": _words("search q query"),
}
"""Query parameters that choose a part of a list."""


def snake(name: str) -> str:
    """Return a name as `snake_case`."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("-", "_")


def role_in(names: Mapping[str, frozenset[str]], name: str) -> str | None:
    """Return which of the roles in `names` a name has."""
    plain = snake(name)
    return next((role for role, known in names.items() if plain in known), None)
