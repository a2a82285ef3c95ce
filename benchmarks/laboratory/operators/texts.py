"""Files that aren't Python: templates, data, static files, translations."""

import re
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit

TEMPLATES = "templates: text and variables"
STRUCTURE = "templates: blocks, extends, includes, loads"
LINKS = "templates: url and other tags"
DATA = "data files and fixtures"
STATIC = "static files"
TRANSLATIONS = "translations"

_TEXT = re.compile(r">\s*([A-Za-z][^<>{}\n]{2,})\s*<")
_VARIABLE = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_STRUCTURE = re.compile(r"\{%\s*(block|extends|include|load)\s+(\S+).*?%\}")
_TAG = re.compile(r"\{%\s*(?!block|extends|include|load|end)(\w+)\s+.*?%\}")
_URL = re.compile(r"\{%\s*url\s+['\"]([^'\"]+)")
_SCALAR = re.compile(r'(?<=[:\[,])\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false)(?=\s*[,\]}])')
_LINE = re.compile(r"^[^\n]*\S[^\n]*\n", re.MULTILINE)
_MESSAGE = re.compile(r'^msgstr "([^"]+)"', re.MULTILINE)


def templates(text: str) -> Iterator[Edit]:
    """Edit a Django template."""
    for found in _TEXT.finditer(text):
        yield Edit(TEMPLATES, "text changed", found.span(1), "Mutant")
    for found in _VARIABLE.finditer(text):
        yield Edit(TEMPLATES, "variable removed", found.span(), "")
        if "|" in found[1]:
            place = found.start(1) + found[1].index("|")
            yield Edit(TEMPLATES, "filters removed", (place, found.end(1)), "")
    for found in _STRUCTURE.finditer(text):
        if found[1] == "block":
            yield Edit(STRUCTURE, "block renamed", found.span(2), f"mutant_{found[2]}")
        else:
            yield Edit(STRUCTURE, f"{found[1]} removed", found.span(), "")
    for found in _URL.finditer(text):
        yield Edit(LINKS, "url name changed", found.span(1), f"{found[1]}-mutant")
    for found in _TAG.finditer(text):
        if found[1] in ("if", "elif"):
            place = text.index(found[1], found.start()) + len(found[1])
            yield Edit(LINKS, "condition negated", (place, place), " not")
        elif found[1] not in ("for", "with", "blocktranslate", "else", "empty", "spaceless"):
            yield Edit(LINKS, f"{found[1]} removed", found.span(), "")


def data(text: str) -> Iterator[Edit]:
    """Edit a JSON document, or any other text by lines."""
    if text.lstrip()[:1] in ("{", "["):
        for found in _SCALAR.finditer(text):
            yield Edit(DATA, "value changed", found.span(1), _other(found[1]))
    else:
        yield from _lines(DATA, text)


def _other(scalar: str) -> str:
    if scalar.startswith('"'):
        return scalar[:-1] + 'x"'
    if scalar in ("true", "false"):
        return "false" if scalar == "true" else "true"
    return f"{scalar}1" if "." in scalar else str(int(scalar) + 1)


def static(text: str) -> Iterator[Edit]:
    """Edit a static file by lines."""
    yield from _lines(STATIC, text)


def _lines(kind: str, text: str) -> Iterator[Edit]:
    for found in _LINE.finditer(text):
        yield Edit(kind, "line removed", found.span(), "")


def translations(text: str) -> Iterator[Edit]:
    """Edit a translation file."""
    for found in _MESSAGE.finditer(text):
        yield Edit(TRANSLATIONS, "translation changed", found.span(1), "mutant")
