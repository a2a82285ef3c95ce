"""The page on CI shows the workflows that init writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdds_django.init.workflows import Fitting, rendered

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("place", "name"), [(0, "github"), (1, "gitlab"), (2, "github-shards")])
def test_workflow_is_as_init_writes_it(place, name):
    assert BLOCKS[place] == rendered(name, Fitting(python="3.13"))
