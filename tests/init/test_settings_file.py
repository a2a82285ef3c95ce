"""The edit of a settings module keeps all that is there, whatever its style."""

from __future__ import annotations

import difflib

import pytest

from cdds_django.init.facts import RUNNER
from cdds_django.init.settings_file import edited

LISTS = {
    "one item a line": 'INSTALLED_APPS = [\n    "a",\n    "b",  # last, of all\n]\n',
    "no comma at the end": "INSTALLED_APPS = [\n\t'a',\n\t'b' # the, last\n]\n",
    "two items a line": 'INSTALLED_APPS = [\n    "a", "b",\n]\nX = 1\n',
    "on one line": 'INSTALLED_APPS = ["a", "b"]\n',
    "on one line, with a comma": 'INSTALLED_APPS = ["a", "b",]\n',
    "begun on the first line": 'INSTALLED_APPS = ["a", "b",\n]\n',
    "bracket behind the last": 'INSTALLED_APPS = ["a",\n                  "b"]\n',
    "comments at the end": 'INSTALLED_APPS = [\n    "a",\n    "b",\n    # "c",\n]\n',
    "annotated": 'INSTALLED_APPS: list[str] = [\n    "a",\n    "b",\n]\n',
    "with other letters": 'N = "é"; INSTALLED_APPS = ["a", "b"]  # ü\n',
    "windows": 'INSTALLED_APPS = [\r\n    "a",\r\n    "b",\r\n]\r\n',
    "byte order mark": '\ufeffINSTALLED_APPS = ["a", "b"]\n',
    "added to later": 'INSTALLED_APPS = [\n    "a",\n]\nINSTALLED_APPS += ["b"]\n',
    "in parts": 'INSTALLED_APPS = [\n    *["a"],\n    "b",\n]\n',
}
OTHERS = {
    "a comma by itself": 'INSTALLED_APPS = [\n    "a",\n    "b"\n    ,\n]\n',
    "a tuple": 'INSTALLED_APPS = (\n    "a",\n    "b",\n)\n',
    "a sum": 'BASE = ["a"]\nINSTALLED_APPS = BASE + ["b"]\n',
    "no newline at the end": 'INSTALLED_APPS = tuple("ab")',
    "windows": 'INSTALLED_APPS = tuple("ab")\r\n',
    "imported": "from tests.init.test_settings_file import *\n",
}
INSTALLED_APPS = ["a", "b"]


def settings(source: bytes) -> dict:
    namespace: dict = {}
    exec(compile(source, "settings", "exec"), namespace)
    return namespace


def require_nothing_lost(before: bytes, after: bytes) -> None:
    old, new = (text.decode().replace("\r\n", "\n") for text in (before, after))
    lost = [
        line[2:]
        for line in difflib.ndiff(old.splitlines(), new.splitlines())
        if line.startswith("- ")
    ]
    # At most the line that the app was added to, of which all is still there.
    assert len(lost) <= 1
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    assert {tag for tag, *_ in matcher.get_opcodes()} <= {"equal", "insert"}
    if b"\r\n" in before:
        assert after.count(b"\n") == after.count(b"\r\n")


@pytest.mark.parametrize("source", LISTS.values(), ids=LISTS)
def test_into_the_list(source):
    before = source.encode()
    after = edited(before, app=True, runner=True)
    # The app is in the list, where people look for it, and not at the module's end.
    assert after.count(b"INSTALLED_APPS") == before.count(b"INSTALLED_APPS")
    assert sorted(settings(after)["INSTALLED_APPS"]) == ["a", "b", "cdds_django"]
    assert settings(after)["TEST_RUNNER"] == RUNNER
    require_nothing_lost(before, after)


@pytest.mark.parametrize("source", OTHERS.values(), ids=OTHERS)
def test_at_the_end(source):
    before = source.encode()
    after = edited(before, app=True, runner=True)
    assert settings(after)["INSTALLED_APPS"] == ["a", "b", "cdds_django"]
    require_nothing_lost(before, after)
    # Another module's list is left alone.
    assert INSTALLED_APPS == ["a", "b"]


def test_an_empty_list_and_an_encoding():
    source = "# -*- coding: latin-1 -*-\nNAME = 'é'\nINSTALLED_APPS = []\n".encode("latin-1")
    after = edited(source, app=True, runner=False)
    assert settings(after)["INSTALLED_APPS"] == ["cdds_django"]
    assert settings(after)["NAME"] == "é"
    assert b"TEST_RUNNER" not in after


def test_one_thing_alone():
    source = LISTS["on one line"].encode()
    assert b"cdds_django" not in edited(source, app=False, runner=False)
    after = edited(source, app=True, runner=False, in_list=False)
    assert after.endswith(b'INSTALLED_APPS = [*INSTALLED_APPS, "cdds_django"]\n')


def test_settings_without_the_name():
    after = edited(b"X = 1\n", app=True, runner=False, has_name=False)
    assert settings(after)["INSTALLED_APPS"] == ["cdds_django"]
