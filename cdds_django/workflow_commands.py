"""Lines that GitHub Actions takes for commands, as its toolkit writes them (src/command.ts)."""

from __future__ import annotations

COMMAND_LEVELS = ("error", "warning", "notice")


def annotation(level: str, message: str, **properties: object) -> str:
    """Return the line of an annotation; `level` is one of COMMAND_LEVELS.

    Properties are `title`, `file` and `line`; those that are None are left out.
    """
    told = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{level}{f' {told}' if told else ''}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
