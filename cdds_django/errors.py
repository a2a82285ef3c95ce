"""The errors this package raises on purpose. Imports nothing, so that anything may import it."""

from __future__ import annotations

__all__ = ["CddsError", "ConfigurationError", "ContractError", "StateFileError"]


class CddsError(Exception):
    """Something a person has to put right, said in words that name the place and the remedy.

    Commands turn it into exit status 2 without a traceback.
    """


class ConfigurationError(CddsError):
    """A setting or an option is wrong."""


class StateFileError(CddsError):
    """A file of ours (map, snapshot) is broken, newer than this version, or can't be written.

    The file itself is left as it was found.
    """


class ContractError(CddsError):
    """A contract document can't be read, or the project's schema can't be built."""
