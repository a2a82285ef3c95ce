"""The check that the site's pages load nothing from other machines; CI builds the site itself."""

from __future__ import annotations

import importlib.util
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def elsewhere(site: Path, name: str, text: str) -> list[str]:
    """Return what the check finds in a site of one file."""
    spec = importlib.util.spec_from_file_location("site_check", REPOSITORY / ".ci" / "site.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (site / name).write_text(text)
    return module.loaded_from_elsewhere(site)


def test_a_font_of_another_machine_is_found(tmp_path):
    page = (
        '<link rel="stylesheet" href="https://fonts.example.com/a.css"><img src="//cdn.example/b">'
    )
    assert len(elsewhere(tmp_path, "page.html", page)) == 2


def test_a_style_sheet_that_loads_more_is_found(tmp_path):
    style = '@import "https://cdn.example/a.css"; p { background: url(//cdn.example/b.png) }'
    assert len(elsewhere(tmp_path, "style.css", style)) == 2


def test_links_and_files_of_the_site_are_fine(tmp_path):
    page = '<a href="https://example.com">there</a><script src="../a.js"></script>'
    assert elsewhere(tmp_path, "page.html", page) == []
