"""Reading a committed contract snapshot, apart from what makes one: every test run reads it."""

from __future__ import annotations

from pathlib import Path

from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.snapshot_text import parsed
from cdds_django.errors import StateFileError


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot that the file `path` holds.

    Raises StateFileError, naming the file and the remedy, when it is missing, broken or newer
    than this version. The file is left as it is.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise StateFileError(
            f"There is no contract snapshot at {path}. Write one: manage.py contract_snapshot"
        ) from None
    except OSError as error:
        raise StateFileError(f"Can't read {path}: {error.strerror}.") from error
    return parsed(content, str(path))
