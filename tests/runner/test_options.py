"""What options and settings mean together."""

from __future__ import annotations

import pytest

from cdds_django.conf import settings
from cdds_django.runner.options import Options


def test_settings_where_the_command_line_is_silent(taken):
    cdds = {"DELTA": True, "RECORD": False, "COVERAGE": True, "PARALLEL": 3}
    options = taken(cdds=cdds)
    assert (options.delta, options.record, options.coverage) == (True, False, True)
    assert options.parallel == 3
    assert taken(cdds=cdds, parallel=1).parallel == 1
    assert taken("--no-record").record is False


def test_implied(taken):
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
def test_parallel(taken, given, expected):
    assert taken(**given).parallel == expected


def test_callers_may_pass_nothing():
    assert Options.take({}, settings).operations == ()
