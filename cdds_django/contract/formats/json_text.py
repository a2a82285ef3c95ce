"""JSON for scripts, schema 1."""

from __future__ import annotations

import json
from dataclasses import asdict

from cdds_django.contract.changes import Diff


def rendered(diff: Diff) -> str:
    """Return the diff as JSON, the same bytes for the same diff."""
    whole = {
        "schema": 1,
        "breaking": diff.breaking,
        "changes": [asdict(change) for change in diff.changes],
        "operations": {
            "added": diff.added,
            "removed": diff.removed,
            "changed": diff.changed,
            "affected": diff.affected,
        },
    }
    return json.dumps(whole, indent=1) + "\n"
