"""The page of commands has each command and each of its options, and nothing else."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import BaseCommand, load_command_class

from cdds_django.management import commands

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    path.stem for path in Path(commands.__path__[0]).glob("*.py") if path.stem != "__init__"
)
# What Django's BaseCommand gives each command.
DJANGOS = {action.dest for action in BaseCommand().create_parser("manage.py", "any")._actions}
HEADING = re.compile(r"^## (\S+)$", re.MULTILINE)
FIRST_CELL = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def test_every_command_is_documented():
    assert sorted(HEADING.findall(PAGE)) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name):
    section = PAGE.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
    documented = {shortened(cell) for cell in FIRST_CELL.findall(section)}
    assert documented == {option for option, _ in options(name)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_has_a_help_text(name):
    assert [option for option, text in options(name) if not text] == []


def shortened(cell: str) -> str:
    """Return an option without the word for its value: `put --revision` of `put --revision REV`."""
    words = cell.split()
    last = next((n for n, word in enumerate(words) if word.startswith("--")), len(words) - 1)
    return " ".join(words[: last + 1])


def options(name: str) -> Iterator[tuple[str, str]]:
    """Yield the command's own options with their help texts, those of its actions too."""
    parser = load_command_class("cdds_django", name).create_parser("manage.py", name)
    yield from own_options(parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner, subparser in action.choices.items():
                for option, text in own_options(subparser):
                    yield f"{inner} {option}", text


def own_options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in parser._actions:
        is_hidden = action.help == argparse.SUPPRESS
        if action.dest in DJANGOS or is_hidden or isinstance(action, argparse._SubParsersAction):
            continue
        name = action.option_strings[-1] if action.option_strings else str(action.metavar)
        yield name, action.help or ""
