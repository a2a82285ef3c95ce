"""Writing approvals into a policy file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.policy import Approval, approval_text, read_policy
from cdds_django.errors import ConfigurationError
from cdds_django.files import write_text

ALL = "all"
"""Stands for all changes that break and aren't approved."""


def approve(
    path: Path, diff: Diff, fingerprints: Sequence[str], reason: str, expires: date | None
) -> list[Change]:
    """Add an approval for each of `fingerprints` (or ALL) to the file `path`; return the changes.

    What is in the file stays as it is written. Raises ConfigurationError for a fingerprint that
    is not of a change in `diff`, and StateFileError where the file can't be written.
    """
    if not reason.strip():
        raise ConfigurationError("An approval needs a reason: add --reason 'Why it is all right'.")
    known = {change.fingerprint: change for change in diff.changes}
    if list(fingerprints) == [ALL]:
        chosen = [change for change in diff.changes if change.breaks]
    else:
        if unknown := [name for name in fingerprints if name not in known]:
            raise ConfigurationError(
                f"There is no change {unknown[0]} here. Its fingerprint stands beside each change."
            )
        chosen = [known[name] for name in fingerprints]
    # An unreadable file is not added to.
    written = {approval.fingerprint for approval in read_policy(path).approvals}
    added = [
        "# "
        + " ".join(f"{change.id}: {change.text}".split())
        + "\n"
        + approval_text(Approval(fingerprint=change.fingerprint, reason=reason, expires=expires))
        for change in chosen
        if change.fingerprint not in written
    ]
    if added:
        before = path.read_text(encoding="utf-8").rstrip() + "\n\n" if path.exists() else ""
        write_text(path, before.lstrip("\n") + "\n".join(added))
    return chosen
