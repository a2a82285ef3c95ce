"""Gives other names to what lies elsewhere."""

from typing import TYPE_CHECKING

from store.constants import RATE as PRICE_RATE

if TYPE_CHECKING:
    from store.models import Book

try:
    from store.extension import FACTOR
except ImportError:
    FACTOR = 1

__all__ = ["FACTOR", "PRICE_RATE", "title_of"]


def title_of(book: "Book"):
    return book.title
