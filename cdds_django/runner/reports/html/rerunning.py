"""The command that runs tests again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence

_KEPT = (
    "--settings",
    "--pythonpath",
    "--testrunner",
    "--top-level-directory",
    "-t",
    "--pattern",
    "-p",
)
"""Options without which the same tests might not be found."""
_FAILED_TO_LOAD = "unittest.loader._FailedTest."


def command(arguments: Sequence[str]) -> str:
    """Return the command up to the names of tests, from that of this process (`sys.argv`)."""
    program = os.path.basename(arguments[0]) if arguments else "manage.py"
    if program == "__main__.py":
        words = ["python", "-m", "django"]
    elif program.endswith(".py"):
        words = ["python", program]
    else:
        words = [program]
    return shlex.join([*words, "test", *_kept(arguments[1:])])


def label(test: str) -> str:
    """Return what `manage.py test` takes for a test, quoted for a shell."""
    return shlex.quote(test.removeprefix(_FAILED_TO_LOAD))


def _kept(arguments: Sequence[str]) -> Iterator[str]:
    following = iter(arguments)
    for argument in following:
        name, is_one_word, _ = argument.partition("=")
        if name in _KEPT:
            yield argument
            if not is_one_word:
                yield from (value for value in [next(following, None)] if value is not None)
