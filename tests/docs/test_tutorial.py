"""The tutorial's commands print what it says, and those of the README do what they are for."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .pages import Command, inline_commands, steps

REPOSITORY = Path(__file__).parents[2]
TUTORIAL = (REPOSITORY / "docs" / "tutorial.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")

# What tests of the code run already, in projects made for it; the whole suite has its limit.
ELSEWHERE = {
    "--coverage": "tests/runner/coverage/test_runs.py",
    "--shard": "tests/runner/shards/test_shards.py",
    "delta_merge": "tests/runner/shards/test_shards.py",
    "--base": "tests/runner/contracts/test_contract.py",
    "--cluster": "tests/runner/cluster/test_runs.py",
}


@dataclass(kw_only=True)
class Shell:
    """Runs commands as somebody would who types them one after the other."""

    home: Path
    place: Path = REPOSITORY
    """The working directory, which `cd` changes."""
    done: set[str] = field(default_factory=set)

    def run(self, command: Command) -> None:
        """Run a command, which must end and print as the page says."""
        script = f"{command.line}\nstatus=$?\npwd >&3\nexit $status"
        where = self.home / "where"
        with where.open("w") as places:
            result = subprocess.run(
                ["bash", "-c", f"exec 3>&{places.fileno()}\n{script}"],
                cwd=self.place,
                env=self.environment,
                pass_fds=[places.fileno()],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        text = f"$ {command.line}\n{result.stdout}{result.stderr}"
        assert result.returncode == command.status, text
        self.place = Path(where.read_text().strip())
        self.done.add(command.line)
        rest = iter(line.strip() for line in self.told(result.stdout).splitlines())
        for wanted in command.prints:
            assert wanted.strip() in rest, f"no line {wanted!r}, or not there, in\n{text}"

    def told(self, output: str) -> str:
        """Return what was printed, with paths as they are from the project's root."""
        return output.replace(f"{self.place}/", "")

    @property
    def environment(self) -> dict[str, str]:
        programs = self.home / "bin"
        names = [f"GIT_{who}" for who in ("AUTHOR_NAME", "AUTHOR_EMAIL")]
        names += [name.replace("AUTHOR", "COMMITTER") for name in names]
        theirs = ("CDDS_", "DJANGO_", "COVERAGE", "CI")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(theirs)},
            **dict.fromkeys(names, "ada@example.com"),
            "HOME": str(self.home),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
        }


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    home = tmp_path
    (home / "bin").mkdir()
    python = home / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    return Shell(home=home)


def test_the_tutorial_and_then_the_commands_of_the_readme(shell):
    for step in steps(TUTORIAL):
        if not isinstance(step, Command):
            step.apply(shell.place)
        elif not step.not_run:
            shell.run(step)
    assert shell.place.name == "shop-ci"

    shell.place = shell.home / "shop"
    for line in dict.fromkeys(readme_commands()):
        if line.endswith(" contract_mock"):
            serves(shell, f"{line} --port 0")
        elif line not in shell.done and ELSEWHERE.keys().isdisjoint(line.split()):
            shell.run(Command(line=line))


def test_commands_of_the_readme_are_found():
    commands = {line.split("manage.py ")[1].split()[0] for line in readme_commands()}
    assert {
        "test",
        "delta_merge",
        "contract_snapshot",
        "contract_diff",
        "contract_mock",
    } <= commands


@pytest.mark.parametrize(("word", "place"), ELSEWHERE.items())
def test_what_is_run_elsewhere_is(word, place):
    assert any(word in line.split() for line in readme_commands())
    assert f'"{word}"' in (REPOSITORY / place).read_text(encoding="utf-8")


def readme_commands() -> Iterator[str]:
    for step in steps(README):
        if isinstance(step, Command) and not step.not_run:
            yield step.line
    for line in inline_commands(README):
        yield f"python {line}"


def serves(shell: Shell, line: str) -> None:
    """Start a server; it must say where it listens, and end well when it is told to."""
    with subprocess.Popen(
        ["bash", "-c", f"exec {line}"],
        cwd=shell.place,
        env=shell.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert "http://127.0.0.1:" in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
