"""The part of GitHub's expressions that our workflows use: names, texts, ==, !=, &&, ||, !, ()."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(==|!=|&&|\|\||[!()])|([A-Za-z_][\w.-]*))")
_PLACEHOLDER = re.compile(r"\$\{\{(.*?)\}\}")


class Expression:
    """Evaluates one expression. Raises ValueError for what it doesn't know."""

    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        self._names = names
        self._text = text
        self._tokens: list[str] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"Can't read {text!r} from {text[place:]!r} on.")
            self._tokens.append(found[0].strip())
            place = found.end()

    def value(self) -> Any:
        result = self._either()
        if self._tokens:
            raise ValueError(f"Can't read {self._text!r}: {self._tokens[0]!r} is too much.")
        return result

    def _either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Any:
        value = self._single()
        for sign in ("==", "!="):
            if self._takes(sign):
                return (value == self._single()) is (sign == "==")
        return value

    def _single(self) -> Any:
        if self._takes("!"):
            return not self._single()
        if self._takes("("):
            value = self._either()
            self._require(")")
            return value
        token = self._tokens.pop(0) if self._tokens else ""
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._takes("("):
            self._require(")")
            token += "()"
        if token not in self._names:
            raise ValueError(f"Can't tell what {token!r} is in {self._text!r}.")
        return self._names[token]

    def _takes(self, token: str) -> bool:
        if self._tokens[:1] == [token]:
            del self._tokens[0]
            return True
        return False

    def _require(self, token: str) -> None:
        if not self._takes(token):
            raise ValueError(f"Can't read {self._text!r}: there is no {token!r}.")


def filled(text: object, names: Mapping[str, Any]) -> str:
    """Return a text of the workflow with its placeholders filled in."""
    return _PLACEHOLDER.sub(lambda found: str(Expression(found[1], names).value()), str(text))


def holds(condition: object, names: Mapping[str, Any]) -> bool:
    """Return whether an `if` holds; without a word on success, only if all went well."""
    text = str(condition).strip().removeprefix("${{").removesuffix("}}")
    value = bool(Expression(text, names).value())
    says_itself = any(word in text for word in ("always()", "failure()", "success()"))
    return value and (says_itself or names["success()"])
