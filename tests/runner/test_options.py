"""What options and settings mean together."""

from __future__ import annotations

import argparse

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from cdds_django.conf import settings
from cdds_django.errors import ConfigurationError
from cdds_django.runner.options import Options, add_arguments


@pytest.fixture(autouse=True)
def configured():
    if not django_settings.configured:
        django_settings.configure()


def taken(*arguments, cdds=None, **others):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = {**vars(parser.parse_args(arguments)), **others}
    with override_settings(CDDS=cdds or {}):
        return Options.take(options, settings)


def test_settings_where_the_command_line_is_silent():
    cdds = {"DELTA": True, "RECORD": False, "COVERAGE": True, "PARALLEL": 3}
    options = taken(cdds=cdds)
    assert (options.delta, options.record, options.coverage) == (True, False, True)
    assert options.parallel == 3
    assert taken(cdds=cdds, parallel=1).parallel == 1
    assert taken("--no-record").record is False


def test_implied():
    assert not taken("--delta", "--explain").record
    assert taken("--coverage-html", "html").coverage
    assert taken("--operation", "a", "--operation", "b").operations == ("a", "b")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "auto"),
        ({"parallel": 4}, 4),
        ({"parallel": "auto"}, "auto"),
        ({"pdb": True}, 1),
        ({"pdb": True, "parallel": "auto"}, 1),
        ({"pdb": True, "parallel": 1}, 1),
        ({"debug_sql": True}, 1),
        ({"debug_sql": True, "parallel": 2}, 2),
    ],
)
def test_parallel(given, expected):
    assert taken(**given).parallel == expected


@pytest.mark.parametrize(
    ("arguments", "others"),
    [(["--explain"], {}), (["--base", "a"], {}), ([], {"pdb": True, "parallel": 2})],
)
def test_contradictions(arguments, others):
    with pytest.raises(ConfigurationError):
        taken(*arguments, **others)


def test_callers_may_pass_nothing():
    assert Options.take({}, settings).operations == ()


@pytest.mark.parametrize(
    ("arguments", "others", "message"),
    [
        ((), {"pdb": True}, "cannot use --pdb with --cluster: the debugger"),
        ((), {"debug_sql": True}, "cannot use --debug-sql with --cluster"),
        (("--verify-template",), {}, "it doesn't go with --cluster"),
    ],
)
def test_what_a_cluster_cannot_do(arguments, others, message):
    assert taken("--cluster", "tcp://x", "--retries", "1").cluster == "tcp://x"
    with pytest.raises(ConfigurationError, match=message):
        taken("--cluster", "tcp://x", *arguments, **others)
