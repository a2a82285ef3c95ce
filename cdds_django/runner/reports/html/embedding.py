"""Text of unknown origin on its way into a page: error texts, names of tests and of files."""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Colors and the like, as terminals understand them (ECMA-48, section 5.4).
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_IN_SCRIPTS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"}
_IN_SCRIPTS["\u2029"] = "\\u2029"
_UNSAFE = re.compile(f"[{''.join(_IN_SCRIPTS)}]")


def readable(text: str) -> str:
    """Return the text without what browsers don't show; characters of control become symbols."""
    text = _TERMINAL.sub("", text).replace("\r\n", "\n")
    return _CONTROL.sub(lambda found: _symbol(found[0]), text)


def breakable(text: str) -> SafeString:
    """Return readable text as HTML, with places where a narrow window may break it."""
    # Escapes have neither a dot nor a low line in them.
    return mark_safe(re.sub(r"([._/])", r"\1<wbr>", escape(readable(text))))


def embedded_json(value: Any) -> str:
    """Return JSON that nothing within a `script` element can end before its end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: _IN_SCRIPTS[found[0]], text)


def encodable(page: str) -> str:
    """Return the page with lone surrogates, as undecodable file names have, as escapes."""
    return page.encode("utf-8", "backslashreplace").decode("utf-8")


def _symbol(character: str) -> str:
    code = ord(character)
    # The block "Control Pictures" of Unicode.
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
