"""Options that make no sense, alone or together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cdds_django.errors import ConfigurationError

if TYPE_CHECKING:
    from cdds_django.runner.options import Options


def require_numbers(given: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for numbers that are out of range."""
    for name, least in (("retries", 0), ("repeat", 1)):
        if given[name] is not None and given[name] < least:
            raise ConfigurationError(f"--{name} should be {least} or more, not {given[name]}.")
    if given["timeout"] is not None and not 0 < given["timeout"] < float("inf"):
        raise ConfigurationError(
            f"--timeout should be a number of seconds above 0, not {given['timeout']:g}."
        )


def require_sense(given: Mapping[str, Any], options: Mapping[str, Any], taken: Options) -> None:
    """Raise ConfigurationError for options that can't be honoured together.

    `given` is what the command line says of our `options`, `taken` what is made of it.
    """
    for name in ("explain", "base"):
        if given[name] is not None and not taken.delta:
            raise ConfigurationError(f"--{name} goes with --delta; pass both.")
    if options.get("pdb"):
        _require_for_debugger(options, taken)
    if taken.cluster is not None:
        _require_for_cluster(options, taken)
    if taken.repeat > 1 and given["retries"]:
        raise ConfigurationError("--repeat and --retries contradict each other: pass one of them.")
    if taken.find_polluter and (taken.delta or taken.repeat > 1 or taken.retries):
        raise ConfigurationError(
            "--find-polluter runs one test again and again; it goes with neither --delta, --repeat "
            "nor --retries."
        )
    if taken.fail_on_flaky and not taken.retries:
        raise ConfigurationError("--fail-on-flaky goes with --retries; pass both.")


def _require_for_debugger(options: Mapping[str, Any], taken: Options) -> None:
    asked = options.get("parallel")
    if isinstance(asked, int) and asked > 1:
        raise ConfigurationError(
            "You cannot use --pdb with parallel tests; pass --parallel=1 to use it."
        )
    if taken.needs_workers:
        raise ConfigurationError(
            "You cannot use --pdb with --retries, --repeat or --find-polluter: these run tests in "
            "other processes."
        )


def _require_for_cluster(options: Mapping[str, Any], taken: Options) -> None:
    for name, reason in (
        ("pdb", "the debugger needs the terminal, and tests run elsewhere"),
        ("debug_sql", "it shows what one process does"),
    ):
        if options.get(name):
            option = name.replace("_", "-")
            raise ConfigurationError(f"You cannot use --{option} with --cluster: {reason}.")
    if taken.verify_template:
        raise ConfigurationError(
            "--verify-template looks at the databases of this machine; it doesn't go with "
            "--cluster."
        )
