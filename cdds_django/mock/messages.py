"""Requests and responses as values: what every door hands to the core and gets back.

They are tuples, since one of each is made for every call.
"""

from __future__ import annotations

from typing import NamedTuple

Headers = tuple[tuple[bytes, bytes], ...]
"""Pairs of name and value, names in small letters as in ASGI; a name may stand several times."""


class MockRequest(NamedTuple):
    """What a client sent."""

    method: str
    """In capitals."""
    path: str
    """As on the wire: still percent-encoded, without the query. Begins with a slash."""
    query: bytes
    """As on the wire, without the question mark; b"" when there is none."""
    headers: Headers
    body: bytes


class MockResponse(NamedTuple):
    """What the client gets."""

    status: int
    headers: Headers
    """Complete but for `content-length`, `date` and `server`, which belong to the door."""
    body: bytes
    delay: float = 0.0
    """Seconds the door waits before it answers (a fault that was asked for)."""
    drop: bool = False
    """The door closes the connection without an answer (a fault that was asked for)."""
