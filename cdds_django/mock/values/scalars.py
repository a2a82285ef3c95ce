"""Texts and numbers as a schema asks for them."""

from __future__ import annotations

import base64
import math
import re
import uuid

from cdds_django.contract.literals import JsonObject
from cdds_django.mock.values.clock import EPOCH, instant_at
from cdds_django.mock.values.patterns import matches, text_matching

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_YEAR = 365 * 24 * 3600


def text_for(schema: JsonObject, name: str, seed: int) -> str:
    """Return a text for the property `name`: by format, by pattern, or from the name."""
    least = int(schema.get("minLength", 0))
    most = schema.get("maxLength")
    pattern = schema.get("pattern")
    text = _formatted(str(schema.get("format", "")), seed)
    if isinstance(pattern, str) and (text is None or not matches(pattern, text)):
        for length in (0, least, int(most) if most is not None else least + 12):
            drawn = text_matching(pattern, seed, length)
            if drawn is not None and least <= len(drawn) and (most is None or len(drawn) <= most):
                return drawn
    if text is None:
        text = f"{_word(name)}-{_letters(seed)}"
        if most is not None and len(text) > most:
            text = _letters(seed, max(int(most), 0))
    if len(text) < least:
        text += _letters(seed, least - len(text))
    return text


def slug_of(text: str) -> str:
    """Return a text as Django's slugify would for ASCII."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text.lower())).strip("-_")


def number_in(schema: JsonObject, seed: int, *, whole: bool) -> int | float:
    """Return a number within the bounds of `schema`, near 1 where these leave the choice."""
    low = _bound(schema, "minimum", "exclusiveMinimum", whole, 1)
    high = _bound(schema, "maximum", "exclusiveMaximum", whole, -1)
    if low <= 1 <= high:
        low = 1
    elif high < 1:
        low = max(low, high - 99)
    high = min(high, low + 99)
    step = schema.get("multipleOf")
    if step:
        first = math.ceil(low / step)
        count = max(math.floor(max(high, low + step) / step) - first, 1)
        value = (first + seed % count) * step
        return int(value) if whole else round(value, 10)
    if whole:
        return int(low) + seed % max(int(high) - int(low) + 1, 1)
    if high - low < 1:
        return (low + high) / 2
    return round(low + (high - low) * (seed % 1000) / 1000, 2)


def _bound(schema: JsonObject, key: str, exclusive: str, whole: bool, side: int) -> float:
    """Return the lower (`side` 1) or upper (-1) bound; integers stay exact."""
    bounds: list[float] = []
    bound, strict = schema.get(key), schema.get(exclusive)
    if isinstance(bound, int | float):
        rounded = math.ceil(bound) if side > 0 else math.floor(bound)
        bounds.append(rounded if whole else bound)
    if isinstance(strict, int | float) and not isinstance(strict, bool):
        beside = math.floor(strict) + 1 if side > 0 else math.ceil(strict) - 1
        bounds.append(beside if whole else strict + side * 0.01)
    if not bounds:
        return -math.inf * side
    return max(bounds) if side > 0 else min(bounds)


def _word(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "text"


def _letters(seed: int, count: int = 4) -> str:
    text = ""
    while len(text) < count:
        seed, rest = divmod(seed, 26)
        text += _LETTERS[rest]
        seed = seed or 7919 * (len(text) + 1)
    return text


def _formatted(name: str, seed: int) -> str | None:
    match name:
        case "date-time":
            return instant_at(EPOCH + seed % _YEAR)
        case "date":
            return instant_at(EPOCH + seed % _YEAR)[:10]
        case "time":
            return instant_at(seed % 86400)[11:]
        case "duration":
            return f"PT{seed % 50 + 10}M"
        case "uuid":
            return str(uuid.UUID(int=(seed << 64) | (seed * 0x9E3779B97F4A7C15 % 2**64), version=4))
        case "email" | "idn-email":
            return f"{_letters(seed, 6)}@example.com"
        case "uri" | "url" | "iri":
            return f"https://example.com/{_letters(seed, 6)}"
        case "uri-reference" | "iri-reference":
            return f"/{_letters(seed, 6)}"
        case "uri-template":
            return f"https://example.com/{_letters(seed, 6)}/{{id}}"
        case "hostname" | "idn-hostname":
            return f"{_letters(seed, 6)}.example.com"
        case "ipv4" | "ip" | "ipvanyaddress":
            return f"192.0.2.{seed % 254 + 1}"
        case "ipv6":
            return f"2001:db8::{seed % 65535 + 1:x}"
        case "byte":
            return base64.b64encode(_letters(seed, 6).encode()).decode()
        case "decimal":
            return f"{seed % 100}.{seed // 100 % 100:02d}"
        case "json-pointer":
            return f"/{_letters(seed)}"
        case "regex":
            return "^[a-z]+$"
    return None
