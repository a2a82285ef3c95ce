"""Which URLs a mock answers for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cdds_django.errors import ConfigurationError

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Target(NamedTuple):
    """What a URL asks of a mock."""

    path: str
    """Below the base URL, still percent-encoded."""
    query: bytes


class ServedUrls:
    """Base URLs, and what is below them."""

    def __init__(self, base_urls: Iterable[str]) -> None:
        """Raises ConfigurationError for what is no absolute http or https URL."""
        self._prefixes: dict[str, list[str]] = {}
        self.base_urls = tuple(base_urls)
        for url in self.base_urls:
            parts = urlsplit(url)
            if parts.scheme not in _DEFAULT_PORTS or not parts.netloc:
                raise ConfigurationError(
                    f"{url!r} can't be a base URL: it must begin with http:// or https:// and a "
                    "host, such as 'https://payments.example.com/v1'."
                )
            origin = _origin(f"{parts.scheme}://{parts.netloc}")
            self._prefixes.setdefault(origin, []).append(parts.path.rstrip("/"))
        for prefixes in self._prefixes.values():
            prefixes.sort(key=len, reverse=True)

    def target(self, url: str) -> Target | None:
        """Return what `url` asks of the mock, None where it isn't the mock's."""
        start = url.find("://")
        end = _end_of_origin(url, start + 3)
        prefixes = self._prefixes.get(url[:end]) or self._prefixes.get(_origin(url[:end]))
        if prefixes is None:
            return None
        path, _, query = url[end:].partition("#")[0].partition("?")
        path = path or "/"
        for prefix in prefixes:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                return Target(path[len(prefix) :] or "/", query.encode("latin-1"))
        return None


def servers_of(document: Mapping[str, Any]) -> list[str]:
    """Return the absolute URLs among a document's servers, variables at their defaults."""
    found = []
    for server in document.get("servers") or ():
        url = str(server.get("url", ""))
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        if url.startswith(("http://", "https://")) and "{" not in url:
            found.append(url)
    return found


def _end_of_origin(url: str, start: int) -> int:
    ends = [end for mark in "/?#" if (end := url.find(mark, start)) >= 0]
    return min(ends, default=len(url))


def _origin(origin: str) -> str:
    """Return scheme, host and port in one way of writing them; user names are no part of it."""
    scheme, _, rest = origin.lower().partition("://")
    host = rest.rpartition("@")[2]
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"
