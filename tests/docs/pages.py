"""Read the commands of a page: those that it tells its readers to run.

Commands stand in blocks, fenced as `console` or indented. In a block with lines that begin with
`$ `, these are commands, and the others are lines of what the command before prints. In other
indented blocks each line that begins with the name of a program is one.

What goes before a block, invisible to readers, says how to take it:

    <!-- not run here: REASON -->
    <!-- exits with 1 -->            (the last command of the block)

A block fenced as `diff` is an edit of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROGRAMS = ("python ", "manage.py ", "git ", "pip ", "cp ", "cd ", "mkdir ")
_PARTS = re.compile(
    r"^```(?P<language>\w*)\n(?P<fenced>.*?)^```$"
    r"|^<!-- (?P<remark>.+?) -->$"
    r"|^\n(?P<indented>(?:    [^\n]*\n|\n(?=    ))+)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """A line for the shell."""

    line: str
    prints: tuple[str, ...] = ()
    """Lines that it prints, in this order, perhaps with others in between."""
    status: int = 0
    not_run: str = ""
    """Why a test can't run it, if so."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of a file."""

    path: str
    replacements: tuple[tuple[str, str], ...]
    """What was there, once, and what is there then."""

    def apply(self, root: Path) -> None:
        text = (root / self.path).read_text(encoding="utf-8")
        for old, new in self.replacements:
            assert text.count(old) == 1, f"{self.path} has this {text.count(old)} times:\n{old}"
            text = text.replace(old, new)
        (root / self.path).write_text(text, encoding="utf-8")


def steps(page: str) -> Iterator[Command | Edit]:
    """Yield the commands and edits of a page, in their order."""
    remark = ""
    for part in _PARTS.finditer(page):
        if part["remark"] is not None:
            remark = part["remark"]
            continue
        if part["language"] == "diff":
            yield _edit(part["fenced"])
        elif part["language"] == "console" or part["indented"] is not None:
            lines = (part["fenced"] or part["indented"]).splitlines()
            if part["indented"] is not None:
                lines = [line[4:] for line in lines]
            yield from _commands(lines, remark)
        remark = ""


def _commands(lines: Sequence[str], remark: str) -> Iterator[Command]:
    found: list[tuple[str, list[str]]] = []
    is_session = any(line.startswith("$ ") for line in lines)
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif not is_session and line.startswith(_PROGRAMS):
            found.append((re.sub(r"\s+#.*", "", line), []))
        elif is_session and found and line.strip() not in ("", "..."):
            found[-1][1].append(line)
    not_run = remark.removeprefix("not run here: ") if remark.startswith("not run here") else ""
    exits = re.fullmatch(r"exits with (\d)", remark)
    for position, (line, prints) in enumerate(found, start=1):
        is_last = position == len(found)
        yield Command(
            line=line,
            prints=tuple(prints),
            status=int(exits[1]) if exits and is_last else 0,
            not_run=not_run,
        )


def _edit(block: str) -> Edit:
    head, *body = block.splitlines(keepends=True)
    path = head.strip().removeprefix("--- a/")
    hunks = "".join(body[1:]).split("@@\n")
    replacements = []
    for hunk in hunks:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        replacements.append((old, new))
    return Edit(path=path, replacements=tuple(replacements))


def inline_commands(page: str) -> Iterator[str]:
    """Yield commands in the first column of tables: `manage.py test --delta`."""
    for row in re.findall(r"^\| (`manage\.py .*?) \|", page, re.MULTILINE):
        yield from re.findall(r"`(manage\.py [^`]+)`", row)
