"""System checks of the settings, each by its id."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from cdds_django.checks import check_settings, require_valid_settings
from cdds_django.errors import ConfigurationError


@pytest.fixture(autouse=True)
def configured():
    if not django_settings.configured:
        django_settings.configure()


def ids(cdds):
    with override_settings(CDDS=cdds):
        return [message.id for message in check_settings()]


def test_no_dict():
    assert ids(["DELTA"]) == ["cdds.E001"]


@pytest.mark.parametrize(
    ("name", "hint"), [("KEEP_DB", "Did you mean 'KEEPDB'?"), ("zzz", "Known: "), (7, "Known: ")]
)
def test_unknown_name(name, hint):
    with override_settings(CDDS={name: True}):
        (message,) = check_settings()
    assert message.id == "cdds.E002"
    assert message.hint.startswith(hint)


WRONG = {
    "SNAPSHOT": ["", None, 3],
    "STATE_DIR": ["", False],
    "SOURCES": [[], "src", [""], [1]],
    "WATCH": ["*.csv", [None]],
    "DELTA": ["yes", 1, None],
    "RECORD": [0],
    "PARALLEL": [0, -1, "all", True, 1.5],
    "KEEPDB": ["no"],
    "FAST_HASHER": [None],
    "ISOLATE_CACHES": [1],
    "ISOLATE_MEDIA": [1],
    "COVERAGE": ["html"],
    "COLD_START": ["none", True, []],
    "UPSTREAMS": [["pay.json"], {"pay": None}, {1: "pay.json"}],
    "MAX_WORKERS": [0, "2", False],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_wrong_value(name, value):
    with override_settings(CDDS={name: value}):
        (message,) = check_settings()
    assert message.id == "cdds.E003"
    assert message.msg.startswith(f"CDDS['{name}'] should be ")
    assert message.msg.endswith(f", not {value!r}.")


def test_require_valid_settings_names_all():
    wrong = override_settings(CDDS={"DELTAS": True, "KEEPDB": None})
    with wrong, pytest.raises(ConfigurationError) as raised:
        require_valid_settings()
    text = str(raised.value)
    assert text.count("\n") == 1
    assert "Did you mean 'DELTA'? (cdds.E002)" in text
    assert "(cdds.E003)" in text


def test_registered(project):
    result = project.manage("check")
    assert result.returncode == 0, result.stderr
    project.edit("settings.py", "SECRET_KEY", "CDDS = {'DELTAS': True}\nSECRET_KEY")
    result = project.manage("check")
    assert result.returncode == 1
    assert "(cdds.E002)" in result.stderr
