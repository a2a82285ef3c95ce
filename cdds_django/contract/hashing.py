"""Digests of canonical operations, closed over every schema they refer to.

Each schema of the table is digested once, with the digests of the schemas that it refers to in
place of their names (a Merkle tree), so an operation's hash costs one step however much hangs
below it. Schemas that refer to each other in a circle are digested together.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cdds_django.contract.canonical_schemas import Node
from cdds_django.contract.graphs import strongly_connected
from cdds_django.contract.keywords import COMPOSITIONS
from cdds_django.contract.literals import JsonObject, text_of

DIGEST_LENGTH = 20
"""Hexadecimal digits kept of each SHA-256: 80 bits, so among a million different operations the
chance that any two share a hash is below one in a trillion."""

_REFERENCE = re.compile(r'"\$ref":"((?:[^"\\]|\\.)*)"')


def digest(text: str) -> str:
    """Return the first DIGEST_LENGTH hexadecimal digits of the SHA-256 of `text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


@dataclass
class SchemaDigests:
    """What the schemas of one document mean, and how they are documented, by their names."""

    meaning: dict[str, str] = field(default_factory=dict)
    documentation: dict[str, str] = field(default_factory=dict)
    _by_text: dict[str, str] = field(default_factory=dict)

    def hash_of(self, form: object) -> str:
        """Return the hash of a canonical form whose schemas' names have digests."""
        return self.hash_of_text(text_of(form))

    def hash_of_text(self, text: str) -> str:
        """As `hash_of`, of the form's text."""
        return digest(self._closed(text))

    def documentation_hash(self, own: object, texts: tuple[str, ...]) -> str:
        """Return the hash of documentation `own` and that of what the forms' `texts` refer to."""
        below = {name for text in texts for name in names_in(text)}
        found = sorted({self.documentation[name] for name in below} - {""})
        return digest(text_of([own, found]))

    def add_group(self, names: list[str], pieces: Mapping[str, _Pieces]) -> None:
        """Digest schemas that refer to each other, those outside the group being done."""
        if len(names) == 1 and names[0] not in pieces[names[0]].references:
            text = pieces[names[0]].text(self._closed)
            self.meaning[names[0]] = self._by_text.setdefault(text, digest(text))
        else:
            self._add_cycle(names, pieces)

    def add_documentation(
        self, names: list[str], pieces: Mapping[str, _Pieces], nodes: Mapping[str, Node]
    ) -> None:
        """Digest what only people read of `names` and of everything below them."""
        below = {name for member in names for name in pieces[member].references} - set(names)
        own = [text_of(nodes[name].documentation) for name in names if nodes[name].documentation]
        found = sorted({self.documentation[name] for name in below} - {""})
        whole = digest(text_of([sorted(own), found])) if own or found else ""
        self.documentation.update(dict.fromkeys(names, whole))

    def _closed(self, text: str) -> str:
        return with_names(text, self.meaning)

    def _add_cycle(self, names: list[str], pieces: Mapping[str, _Pieces]) -> None:
        """Tell the members apart by what they reach in 1, 2, … steps, never by their names."""
        colours = dict.fromkeys(names, "")
        kinds = 0
        while len(set(colours.values())) > kinds:
            kinds = len(set(colours.values()))
            self.meaning.update(colours)
            colours = {name: digest(pieces[name].text(self._closed)) for name in names}
        # Members may be told apart after one step, while an edit is many steps away. Each member
        # reaches all others, so all colours together say what any of them means.
        whole = sorted(set(colours.values()))
        for name in names:
            self.meaning[name] = digest(text_of([colours[name], whole]))
        # A copy of a member written in place elsewhere has this text, and so gets its digest.
        for name in names:
            self._by_text[pieces[name].text(self._closed)] = self.meaning[name]


@dataclass(frozen=True)
class _Pieces:
    """The text of a schema, its compositions apart: their order means nothing."""

    rest: str
    compositions: tuple[tuple[str, tuple[str, ...]], ...]
    references: frozenset[str]

    def text(self, closed: Callable[[str], str]) -> str:
        parts = [closed(self.rest)]
        for key, branches in self.compositions:
            parts += [key, *sorted(closed(branch) for branch in branches)]
        return "\n".join(parts)


def digests_of(nodes: Mapping[str, Node]) -> SchemaDigests:
    """Return the digests of all `nodes`; puts their compositions into one order."""
    pieces = {name: _pieces(node.body) for name, node in nodes.items()}
    digests = SchemaDigests()
    graph = {name: sorted(piece.references) for name, piece in pieces.items()}
    for group in strongly_connected(graph):
        digests.add_group(group, pieces)
        digests.add_documentation(group, pieces, nodes)
    for node in nodes.values():
        for key in COMPOSITIONS & node.body.keys():
            node.body[key].sort(key=digests.hash_of)
    return digests


def _pieces(body: JsonObject) -> _Pieces:
    compositions = tuple(
        (key, tuple(text_of(branch) for branch in body[key]))
        for key in sorted(COMPOSITIONS & body.keys())
    )
    rest = text_of({key: value for key, value in body.items() if key not in COMPOSITIONS})
    texts = (rest, *(text for _, branches in compositions for text in branches))
    return _Pieces(rest, compositions, frozenset(name for text in texts for name in names_in(text)))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return the `text` of a canonical form with each reference's name replaced by its `names`.

    A name without another stays.
    """

    def replaced(match: re.Match[str]) -> str:
        name = _unescaped(match[1])
        return f'"$ref":"{names.get(name, name)}"'

    return _REFERENCE.sub(replaced, text)


def names_in(text: str) -> set[str]:
    """Return the names that the `text` of a canonical form refers to."""
    return {_unescaped(name) for name in _REFERENCE.findall(text)}


def _unescaped(name: str) -> str:
    return str(json.loads(f'"{name}"')) if "\\" in name else name
