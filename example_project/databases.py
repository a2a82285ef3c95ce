"""Database settings from a URL, as hosting platforms hand them over."""

from urllib.parse import unquote, urlsplit

ENGINES = {
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}


def database_from_url(url: str) -> dict[str, object]:
    """Translate ``postgres://user:password@host:port/name`` to an entry of ``DATABASES``.

    Raises ValueError for any other scheme, and for a URL without a database name.
    """
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise ValueError(f"DATABASE_URL has scheme {parts.scheme!r}; it must be one of: {known}.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database; add one after the host, as in /tickets.")
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
