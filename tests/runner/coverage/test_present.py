"""Names of measured files that are the same in any checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdds_django.runner.coverage.present import Present


@pytest.mark.parametrize("file", ["/here/shop/views.py", "/elsewhere/library.py"])
def test_a_name_leads_back_to_its_file(file):
    present = Present(Path("/here"), None)
    assert present.file(present.key(file)) == file
    assert Present(Path("/there"), None).file(present.key(file)) == file.replace("/here", "/there")
