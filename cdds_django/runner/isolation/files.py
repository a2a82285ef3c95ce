"""Directories that a worker shares with nobody: uploads, temporary files, mails kept in files."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test.utils import override_settings

from cdds_django.runner.isolation.batches import set_variable


def isolate_files(stack: ExitStack, worker: int, directory: Path) -> None:
    """Give this process its own directories, below that of the run, until `stack` is closed."""

    def own(name: str) -> str:
        return tempfile.mkdtemp(prefix=f"{name}-{worker}-", dir=directory)

    changed: dict[str, Any] = {}
    if _is_on_disk():
        changed["MEDIA_ROOT"] = own("media")
    if settings.FILE_UPLOAD_TEMP_DIR is not None:
        changed["FILE_UPLOAD_TEMP_DIR"] = own("upload")
    mailers: Mapping[str, Any] | None = getattr(settings, "MAILERS", None)
    if mailers is not None and any(map(_file_path, mailers.values())):
        changed["MAILERS"] = {
            alias: _own_mailer(mailer, own("mail")) if _file_path(mailer) else mailer
            for alias, mailer in mailers.items()
        }
    elif mailers is None and _email_file_path() is not None:
        changed["EMAIL_FILE_PATH"] = own("mail")
    _override(stack, changed)
    temporary = own("tmp")
    stack.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
    tempfile.tempdir = temporary
    set_variable(stack, "TMPDIR", temporary)


def _override(stack: ExitStack, changed: Mapping[str, Any]) -> None:
    override = override_settings(**changed)
    with warnings.catch_warnings():
        # Django 6.1 deprecates EMAIL_FILE_PATH. The project has been told.
        warnings.simplefilter("ignore")
        override.enable()
    stack.callback(override.disable)


def _is_on_disk() -> bool:
    """Whether MEDIA_ROOT has a say: storages elsewhere have places of their own."""
    default = getattr(settings, "STORAGES", {}).get("default", {})
    return str(default.get("BACKEND", "")).endswith("FileSystemStorage")


def _email_file_path() -> str | os.PathLike[str] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(settings, "EMAIL_FILE_PATH", None)


def _file_path(mailer: Mapping[str, Any]) -> Any:
    return mailer.get("OPTIONS", {}).get("file_path")


def _own_mailer(mailer: Mapping[str, Any], directory: str) -> Mapping[str, Any]:
    return {**mailer, "OPTIONS": {**mailer["OPTIONS"], "file_path": directory}}
