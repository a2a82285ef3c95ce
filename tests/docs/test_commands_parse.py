"""Whatever command a page names, its options are ones that the command takes."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class

from cdds_django.runner.arguments import add_arguments

from .test_command_reference import COMMANDS

REPOSITORY = Path(__file__).parents[2]
PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md")])
CODE = re.compile(r"`([^`\n]*manage\.py [^`\n]+)`|^(?:    |\$ )+(.*manage\.py .+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_a_page_can_be_parsed(page, capsys):
    for line in lines(page.read_text(encoding="utf-8")):
        name, *arguments = shlex.split(line, comments=True)
        assert name in (*COMMANDS, "test", "check", "migrate"), f"{line}: no such command"
        if name in (*COMMANDS, "test"):
            try:
                parser(name).parse_args(arguments)
            except SystemExit:
                pytest.fail(f"{line}: {capsys.readouterr().err}")


def test_commands_are_found():
    found = set(lines((REPOSITORY / "docs" / "contract.md").read_text(encoding="utf-8")))
    assert "contract_diff git:main" in {line.split("#")[0].strip() for line in found}


def lines(page: str) -> Iterator[str]:
    for match in CODE.finditer(re.sub(r"\\\n\s*", "", page)):
        text = match[1] or match[2]
        for part in re.split(r" && | \| | >+ ", text):
            if "manage.py " in part:
                line = part.split("manage.py ", 1)[1]
                yield line.removesuffix(".").removesuffix("…").replace("DIR …", "DIR")


@cache
def parser(name: str) -> argparse.ArgumentParser:
    command: Any = load_command_class("django.core" if name == "test" else "cdds_django", name)
    # Ours asks the settings for the project's runner, and there is no project.
    command.test_runner = "django.test.runner.DiscoverRunner"
    parser: argparse.ArgumentParser = command.create_parser("manage.py", name)
    if name == "test":
        add_arguments(parser)
    return parser
