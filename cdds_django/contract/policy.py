"""What a team decided about changes: levels of its own, and breaks that it approved of.

A TOML file, committed:

    [levels]
    response-property-enum-value-added = "info"
    "api-tag-*" = "off"

    [[approvals]]
    fingerprint = "0f3c5d1a9b2e4c6d8f70"
    reason = "No client sends it: see the logs of May."
    expires = 2027-01-31
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, cast

from cdds_django.contract.changes import LEVELS, Change, Diff
from cdds_django.contract.rules.catalogue import RULES
from cdds_django.errors import ConfigurationError

PolicyLevel = Literal["error", "warning", "info", "off"]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One change that is allowed."""

    fingerprint: str
    reason: str
    expires: date | None = None
    """The last day on which it is allowed, None for always."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is decided about changes."""

    levels: Mapping[str, PolicyLevel] = field(default_factory=dict)
    """By rule id or pattern (`*` for anything); the last that matches counts."""
    approvals: tuple[Approval, ...] = ()

    def applied(self, diff: Diff, today: date) -> Diff:
        """Return `diff` with these levels, and with the reasons of approvals that hold."""
        held = [item for item in self.approvals if not _over(item, today)]
        reasons = {item.fingerprint: item.reason for item in held}
        levels = {change.id: self._level(change) for change in diff.changes}
        changes = [
            replace(change, level=level, approved=reasons.get(change.fingerprint, ""))
            for change in diff.changes
            if (level := levels[change.id] or change.level) != "off"
        ]
        order = sorted(changes, key=lambda change: LEVELS.index(change.level))
        return replace(diff, changes=tuple(order))

    def warnings(self, diff: Diff, today: date) -> list[str]:
        """Return a sentence for each approval that would hold if it weren't over."""
        found = {change.fingerprint: change for change in diff.changes}
        return [
            f"The approval of {item.fingerprint} ({found[item.fingerprint].text}) ended on "
            f"{item.expires}: {item.reason}"
            for item in self.approvals
            if item.fingerprint in found and _over(item, today)
        ]

    def _level(self, change: Change) -> PolicyLevel | None:
        level = None
        for pattern, written in self.levels.items():
            if fnmatchcase(change.id, pattern):
                level = written
        return level


def read_policy(path: Path) -> Policy:
    """Return the policy in the file `path`, an empty one where there is none.

    Raises ConfigurationError, naming the file and the remedy, for anything it can't mean.
    """
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise ConfigurationError(f"Can't read {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from None
    if unknown := sorted(whole.keys() - {"levels", "approvals"}):
        raise ConfigurationError(
            f"{path}: {unknown[0]!r} is not a part of a policy; there are levels and approvals."
        )
    return Policy(
        levels=_levels(whole.get("levels", {}), path),
        approvals=tuple(
            _approval(entry, number, path)
            for number, entry in enumerate(_list(whole.get("approvals", []), path), 1)
        ),
    )


def approval_text(approval: Approval) -> str:
    """Return the lines of a policy file for `approval`."""
    lines = ["[[approvals]]", f'fingerprint = "{approval.fingerprint}"']
    lines.append(f"reason = {_quoted(approval.reason)}")
    if approval.expires is not None:
        lines.append(f"expires = {approval.expires.isoformat()}")
    return "\n".join(lines) + "\n"


def _levels(written: Any, path: Path) -> Mapping[str, PolicyLevel]:
    if not isinstance(written, dict):
        raise ConfigurationError(f"{path}: levels must be a table of rule ids.")
    for name, level in written.items():
        if level not in (*LEVELS, "off"):
            raise ConfigurationError(
                f"{path}: the level of {name} must be error, warning, info or off, not {level!r}."
            )
        if not any(fnmatchcase(rule, name) for rule in RULES):
            nearest = difflib.get_close_matches(name, RULES, 1)
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            raise ConfigurationError(f"{path}: there is no rule {name}.{hint}")
    return cast("Mapping[str, PolicyLevel]", written)


def _list(written: Any, path: Path) -> list[Any]:
    if not isinstance(written, list):
        raise ConfigurationError(f"{path}: write each approval under [[approvals]].")
    return written


def _approval(entry: Any, number: int, path: Path) -> Approval:
    fields = entry if isinstance(entry, dict) else {}
    for key in ("fingerprint", "reason"):
        if not isinstance(fields.get(key), str) or not fields[key].strip():
            raise ConfigurationError(f"{path}: approval {number} needs a {key}, as text.")
    expires = fields.get("expires")
    if isinstance(expires, datetime):
        expires = expires.date()
    if expires is not None and not isinstance(expires, date):
        raise ConfigurationError(
            f"{path}: expires of approval {number} must be a date, such as 2027-01-31, unquoted."
        )
    return Approval(fingerprint=fields["fingerprint"], reason=fields["reason"], expires=expires)


def _over(approval: Approval, today: date) -> bool:
    return approval.expires is not None and approval.expires < today


def _quoted(text: str) -> str:
    """Return `text` as TOML's basic string, which is JSON's but for a few characters."""
    return json.dumps(text).replace("\x7f", "\\u007f")
