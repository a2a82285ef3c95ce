"""A persistent map: every write makes a new map that shares nearly all of the old one.

This is what makes forks free. A fork keeps the map; whoever writes afterwards, on either side, has
a map of its own from then on, for the price of a few copied pieces, whatever the map's size.
(Tables in SQLite with rows keyed by batch were the other way. They need a statement for each
read, joins over all ancestors for a list, and a copy of the counters; this needs a dict look-up.)

Entries are in the order of their first insertion, in chunks that are dicts themselves. With more
than one chunk, an index gives each key's number in that order, and so its chunk. The index is cut
by hash into pieces that are copied one at a time, as chunks are. Nearly all maps are small, many
are held, and these have no index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

CHUNK = 128
"""Most entries of a chunk. Smaller ones make writes cheaper and lists of large maps dearer."""
_PIECES = 128
"""Of an index. With 10,000 entries each has 80."""

# Lists, though no list is changed once a map has it: they are copied in one step, tuples in four.
_Chunks = list[dict[K, V]]
_Index = list[dict[K, int]]


class OrderedMap(Generic[K, V]):
    """An immutable map in insertion order."""

    __slots__ = ("_chunks", "_count", "_firsts", "_index", "_next")

    def __init__(
        self,
        chunks: _Chunks[K, V] | None = None,
        *,
        firsts: tuple[int, ...] = (),
        index: _Index[K] | None = None,
        count: int = 0,
        next_number: int = 0,
    ) -> None:
        self._chunks = chunks if chunks is not None else []
        self._firsts = firsts
        """For each chunk a number: its entries' are not below it, earlier ones' are."""
        self._index = index
        """The numbers of all keys; None while there was never more than one chunk."""
        self._count = count
        self._next = next_number

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: K) -> bool:
        index = self._index
        if index is not None:
            return key in index[hash(key) % _PIECES]
        return bool(self._chunks) and key in self._chunks[0]

    def get(self, key: K) -> V | None:
        """Return the value of `key`, None when it isn't there."""
        place = self._place(key)
        return None if place is None else self._chunks[place][key]

    def keys(self) -> Iterator[K]:
        """Return the keys in order."""
        for chunk in self._chunks:
            yield from chunk

    def values(self) -> Iterator[V]:
        """Return the values in order."""
        for chunk in self._chunks:
            yield from chunk.values()

    def items(self) -> Iterator[tuple[K, V]]:
        """Return pairs of key and value in order."""
        for chunk in self._chunks:
            yield from chunk.items()

    def slice(self, start: int, count: int) -> list[V]:
        """Return up to `count` values from position `start` on."""
        found: list[V] = []
        for chunk in self._chunks:
            if len(found) >= count:
                break
            if start >= len(chunk):
                start -= len(chunk)
                continue
            found += islice(chunk.values(), start, start + count - len(found))
            start = 0
        return found

    def with_entry(self, key: K, value: V) -> OrderedMap[K, V]:
        """Return the map with `key` set: in its place if it has one, else at the end."""
        chunks, firsts, number = self._chunks, self._firsts, self._next
        place = self._place(key)
        if place is not None:
            chunks = _replaced(chunks, place, {**chunks[place], key: value})
            return self._like(chunks, firsts, self._index, self._count)
        if chunks and len(chunks[-1]) < CHUNK:
            chunks = _replaced(chunks, -1, {**chunks[-1], key: value})
        else:
            chunks, firsts = [*chunks, {key: value}], (*firsts, number)
        index = self._index
        if index is not None:
            index = _numbered(index, key, number)
        elif len(chunks) > 1:
            # All of them are new since the map was empty, or it would have an index.
            index = _index_of(chunks)
            number = self._count
            firsts = (0, number)
        return OrderedMap(
            chunks, firsts=firsts, index=index, count=self._count + 1, next_number=number + 1
        )

    def without(self, key: K) -> OrderedMap[K, V]:
        """Return the map without `key`, the same one when it isn't there."""
        place = self._place(key)
        if place is None:
            return self
        rest = self._chunks[place].copy()
        del rest[key]
        index = self._index
        if index is not None:
            piece = index[hash(key) % _PIECES].copy()
            del piece[key]
            index = _replaced(index, hash(key) % _PIECES, piece)
        chunks, firsts = self._shrunk(place, rest)
        return self._like(chunks, firsts, index, self._count - 1)

    def _like(
        self,
        chunks: _Chunks[K, V],
        firsts: tuple[int, ...],
        index: _Index[K] | None,
        count: int,
    ) -> OrderedMap[K, V]:
        return OrderedMap(chunks, firsts=firsts, index=index, count=count, next_number=self._next)

    def _place(self, key: K) -> int | None:
        """Return which chunk has `key`."""
        if self._index is None:
            return 0 if self._chunks and key in self._chunks[0] else None
        number = self._index[hash(key) % _PIECES].get(key)
        return None if number is None else bisect_right(self._firsts, number) - 1

    def _shrunk(self, place: int, rest: dict[K, V]) -> tuple[_Chunks[K, V], tuple[int, ...]]:
        """Return the chunks with a smaller one, joined to its neighbour where both fit.

        Otherwise a map that lost most of its entries would stay as slow as it was.
        """
        chunks, firsts = self._chunks, self._firsts
        without = (*firsts[:place], *firsts[place + 1 :])
        if not rest:
            return [*chunks[:place], *chunks[place + 1 :]], without
        if place and len(rest) + len(chunks[place - 1]) <= CHUNK // 2:
            joined = {**chunks[place - 1], **rest}
            return [*chunks[: place - 1], joined, *chunks[place + 1 :]], without
        return _replaced(chunks, place, rest), firsts


def _replaced(pieces: list[dict[K, V]], place: int, piece: dict[K, V]) -> list[dict[K, V]]:
    copied = pieces.copy()
    copied[place] = piece
    return copied


def _numbered(index: _Index[K], key: K, number: int) -> _Index[K]:
    place = hash(key) % _PIECES
    return _replaced(index, place, {**index[place], key: number})


def _index_of(chunks: _Chunks[K, V]) -> _Index[K]:
    index: _Index[K] = [{} for _ in range(_PIECES)]
    keys = (key for chunk in chunks for key in chunk)
    for number, key in enumerate(keys):
        index[hash(key) % _PIECES][key] = number
    return index
