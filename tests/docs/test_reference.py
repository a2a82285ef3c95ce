"""The reference names what there is, no more and no less."""

from __future__ import annotations

import argparse
import configparser
import importlib
import re
from pathlib import Path

from cdds_django import checks, testing
from cdds_django.conf import DEFAULTS
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.arguments import add_arguments

REPOSITORY = Path(__file__).parents[2]
USAGE = (REPOSITORY / "docs" / "usage.md").read_text(encoding="utf-8")
VERSIONS = (REPOSITORY / "docs" / "versions.md").read_text(encoding="utf-8")
SELECTION = (REPOSITORY / "docs" / "selection.md").read_text(encoding="utf-8")


def first_column(page: str, heading: str) -> dict[str, str]:
    """Return the rows of a section's first table, by the code in their first cell."""
    section = page.split(f"{heading}\n", 1)[1]
    rows: dict[str, str] = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            rows[line.split("`")[1]] = line
        elif rows:
            break
    return rows


def rows_of(heading: str) -> list[str]:
    return list(first_column(USAGE, heading).values())


def options() -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    return {string for action in parser._actions for string in action.option_strings}


def test_every_option_is_documented():
    documented = {row.split()[0] for row in first_column(USAGE, "## Options of `manage.py test`")}
    assert documented == options()


def test_every_setting_is_documented_with_its_default():
    rows = first_column(USAGE, "## Settings")
    assert rows.keys() == DEFAULTS.keys()
    for name, row in rows.items():
        written = row.split("|")[2].strip().strip("`").replace('"', "'")
        assert written == repr(DEFAULTS[name])


def test_every_extra_is_documented():
    setup = configparser.ConfigParser()
    setup.read(REPOSITORY / "setup.cfg")
    extras = set(setup["options.extras_require"])
    assert first_column(USAGE, "### Extras").keys() == extras - {"example", "docs", "dev"}


def test_every_check_is_documented():
    source = Path(checks.__file__).read_text(encoding="utf-8")
    ids = set(re.findall(r'id="(cdds\.[A-Z]\d+)"', source))
    assert ids
    assert first_column(USAGE, "### System checks").keys() == ids


def test_every_variable_of_the_environment_is_documented():
    documented = re.findall(
        r"`(\w+)`", " ".join(r.split("|")[1] for r in rows_of("### Variables of the environment"))
    )
    assert set(documented) == variables()


def variables() -> set[str]:
    """Return the names that the package reads from or writes to the environment."""
    package = Path(checks.__file__).parent
    found: set[str] = set()
    for path in package.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"environ(?:\.get\(|\[)[\"'](\w+)[\"']", source))
        found |= set(re.findall(r"[\"'](\w+)[\"'] in os\.environ", source))
        found |= set(re.findall(r"[\"']((?:CDDS|MOCK)_[A-Z_]+)[\"']", source))
        if "CDDS_MOCK_{" in source:
            found.add("CDDS_MOCK_NAME_URL")
    # A prefix, and notes to the command itself when it starts anew.
    return found - {"CDDS_", "CDDS_COVERAGE_RUN", "CDDS_CLUSTER_HOST"}


def test_every_kind_of_dependency_is_documented():
    kinds = {source.kind for source in SOURCES} | {"code", "module", "loaded"}
    assert first_column(SELECTION, "## What a test depends on").keys() == kinds


def test_what_is_public_in_python_is_what_modules_say():
    rows = first_column(VERSIONS, "## What is public")
    assert len(rows) > 3
    for name, row in rows.items():
        assert re.findall(r"`(\w+)`", row.split("|")[2]) == importlib.import_module(name).__all__


def test_public_modules_are_listed():
    listed = first_column(VERSIONS, "## What is public").keys()
    package = Path(checks.__file__).parent
    exporting = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in package.rglob("*.py")
        if re.search("^__all__ =", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    # Exports what others define, for modules of its own layer.
    assert listed == exporting - {"cdds_django.contract.snapshot"}


def test_helpers_for_tests_are_documented():
    for helper in (testing.covers, testing.depends_on):
        assert f"@{helper.__name__}(" in USAGE
