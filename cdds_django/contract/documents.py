"""OpenAPI documents from files: JSON and YAML, OpenAPI 3.0 and 3.1. Nothing is ever fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.errors import ContractError

SUPPORTED_VERSIONS = ("3.0", "3.1")

_DEEPEST = 500
_BRACKETS = re.compile(r"[\[\]{}]")
_INDENTATION = re.compile(r"^[ ?:-]+", re.MULTILINE)


def read_file(path: Path) -> bytes:
    """Return the content of `path`. Raises ContractError when it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ContractError(f"There is no file {path}.") from None
    except OSError as error:
        raise ContractError(f"Can't read {path}: {error.strerror}.") from error


def parse(content: bytes, origin: str) -> JsonObject:
    """Return the JSON or YAML object in `content`.

    Raises ContractError, naming `origin` (the file) and the line, when it holds none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContractError(f"{origin} is not UTF-8 text (byte {error.start}).") from None
    try:
        whole = _parse_json(text, origin) if text.lstrip()[:1] == "{" else _parse_yaml(text, origin)
    except RecursionError:
        raise ContractError(f"{origin} is nested too deeply to be read.") from None
    if not isinstance(whole, dict):
        raise ContractError(f"{origin} holds no JSON or YAML object, so no OpenAPI document.")
    return whole


def check_version(document: JsonObject, origin: str) -> None:
    """Raise ContractError, naming the remedy, unless `document` is OpenAPI 3.0 or 3.1."""
    if "swagger" in document:
        raise ContractError(
            f"{origin} is a Swagger {document['swagger']} document; OpenAPI 3.0 and 3.1 are "
            "supported. Convert it first, for example with swagger2openapi."
        )
    version = document.get("openapi")
    if not isinstance(version, str) or ".".join(version.split(".")[:2]) not in SUPPORTED_VERSIONS:
        raise ContractError(
            f"{origin}: `openapi` is {version!r}; it must be a version of OpenAPI "
            f"{' or '.join(SUPPORTED_VERSIONS)}, such as '3.0.3'."
        )


def read_document(path: Path) -> JsonObject:
    """Return the OpenAPI document in the file `path`. Raises ContractError."""
    document = parse(read_file(path), str(path))
    check_version(document, str(path))
    return document


def _parse_json(text: str, origin: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if not isinstance(error, json.JSONDecodeError):
            raise ContractError(f"{origin}: {error}") from None
        # YAML's flow style starts with a brace as well, and may be what the author meant.
        if Path(origin).suffix in (".yaml", ".yml"):
            return _parse_yaml(text, origin)
        raise ContractError(
            f"{origin}, line {error.lineno}, column {error.colno}: not valid JSON ({error.msg})."
        ) from None


def _parse_yaml(text: str, origin: str) -> Any:
    # Reading JSON, the usual case, needn't pay for the import.
    import yaml

    if _too_deep(text):
        raise RecursionError
    try:
        return yaml.load(text, _loader(yaml))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ContractError(f"{origin}{place}: not valid YAML ({error.problem}).") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ContractError(f"{origin}: not valid YAML ({error}).") from None


def _too_deep(text: str) -> bool:
    """Whether YAML may be nested deeper than _DEEPEST: libyaml crashes the process somewhere."""
    if any(len(match[0]) > 2 * _DEEPEST for match in _INDENTATION.finditer(text)):
        return True
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth = depth + 1 if match[0] in "[{" else max(depth - 1, 0)
        if depth > _DEEPEST:
            return True
    return False


def _loader(yaml: Any) -> Any:
    """Return a loader of YAML 1.2's JSON-like values, as OpenAPI asks (3.1, section 4.2).

    PyYAML reads YAML 1.1, where `no` is false, `12:30` is 750 and `2026-01-01` is a date.
    """
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    prefix = "tag:yaml.org,2002:"

    class Loader(base):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, list[Any]] = {}

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            # JSON's keys are strings: a status 200 is "200".
            for key, _ in getattr(node, "value", ()):
                if key.tag in (f"{prefix}int", f"{prefix}bool", f"{prefix}float", f"{prefix}null"):
                    key.tag = f"{prefix}str"
            return super().construct_mapping(node, deep=deep)

    for tag, pattern, first in (
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
        ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
        ("merge", r"<<", "<"),
    ):
        Loader.add_implicit_resolver(f"{prefix}{tag}", re.compile(f"^(?:{pattern})$"), list(first))
    Loader.add_constructor(f"{prefix}int", lambda loader, node: int(node.value))
    Loader.add_constructor(f"{prefix}float", lambda loader, node: float(node.value))
    return Loader
