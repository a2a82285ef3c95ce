"""Directories of mailers, where Django has these."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import override_settings

from cdds_django.runner.isolation.files import isolate_files


@pytest.fixture(autouse=True)
def configured():
    if not settings.configured:
        settings.configure()


def test_mailers(tmp_path):
    mailers = {
        "default": {"BACKEND": "filebased.EmailBackend", "OPTIONS": {"file_path": "m", "x": 1}},
        "other": {"BACKEND": "smtp.EmailBackend"},
    }
    with override_settings(MAILERS=mailers), ExitStack() as stack:
        isolate_files(stack, 2, tmp_path)
        own = settings.MAILERS
        assert own["other"] == mailers["other"]
        options = own["default"]["OPTIONS"]
        assert options["x"] == 1
        assert options["file_path"].startswith(str(tmp_path / "mail-2-"))
        stack.close()
        assert mailers == settings.MAILERS


def test_uploads(tmp_path):
    with override_settings(FILE_UPLOAD_TEMP_DIR="/shared"), ExitStack() as stack:
        isolate_files(stack, 1, tmp_path)
        assert settings.FILE_UPLOAD_TEMP_DIR.startswith(str(tmp_path))
        assert settings.MEDIA_ROOT.startswith(str(tmp_path))
    assert [path.name.rpartition("-")[0] for path in sorted(tmp_path.iterdir())] == [
        "media-1",
        "tmp-1",
        "upload-1",
    ]
