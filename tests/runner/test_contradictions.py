"""Each thing that can't be asked for is refused in words that name the options."""

from __future__ import annotations

import pytest

from cdds_django.errors import ConfigurationError

DEBUGGER = {"pdb": True}


@pytest.mark.parametrize(
    ("arguments", "others", "message"),
    [
        ("--retries -1", {}, "--retries should be 0 or more, not -1"),
        ("--repeat 0", {}, "--repeat should be 1 or more, not 0"),
        ("--timeout 0", {}, "--timeout should be a number of seconds above 0, not 0"),
        ("--timeout inf", {}, "--timeout should be .* not inf"),
        ("--explain", {}, "--explain goes with --delta"),
        ("--base a", {}, "--base goes with --delta"),
        ("", {**DEBUGGER, "parallel": 2}, "cannot use --pdb with parallel tests"),
        ("--repeat 2", DEBUGGER, "cannot use --pdb with --retries, --repeat or"),
        ("--repeat 2 --retries 1", {}, "--repeat and --retries contradict each other"),
        ("--find-polluter a --delta", {}, "goes with neither --delta, --repeat nor --retries"),
        ("--fail-on-flaky", {}, "--fail-on-flaky goes with --retries"),
        ("--cluster a", DEBUGGER, "cannot use --pdb with --cluster: the debugger"),
        ("--cluster a", {"debug_sql": True}, "cannot use --debug-sql with --cluster"),
        ("--cluster a --verify-template", {}, "it doesn't go with --cluster"),
    ],
)
def test_refused(taken, arguments, others, message):
    with pytest.raises(ConfigurationError, match=message):
        taken(*arguments.split(), **others)


@pytest.mark.parametrize(
    "arguments",
    [
        "--delta --explain",
        "--delta --base a",
        "--repeat 2 --retries 0",
        "--retries 1 --fail-on-flaky --cluster a",
        "--find-polluter a",
    ],
)
def test_what_goes_together(taken, arguments):
    taken(*arguments.split(), parallel=2)


def test_settings_give_way_to_what_is_asked_for(taken):
    """What the settings want of every run doesn't get in the way of a run of another purpose."""
    cdds = {"DELTA": True, "RETRIES": 2}
    assert not taken("--find-polluter", "a", cdds=cdds).delta
    assert taken("--repeat", "2", cdds=cdds).retries == 0
    assert taken(cdds=cdds, pdb=True).retries == 0
