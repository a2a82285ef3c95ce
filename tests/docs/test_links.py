"""Links between pages lead somewhere, as they stand in the repository, and all are on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in REPOSITORY.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(REPOSITORY).parts)
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = HEADING.findall(linked.read_text(encoding="utf-8"))
            assert anchor in {slug(heading) for heading in headings}, f"{page.name}: {target}"


def test_every_page_is_on_the_site():
    listed = set(re.findall(r"(?:file|root): (\S+)", (REPOSITORY / "docs/toc.yml").read_text()))
    pages = {str(page.relative_to(REPOSITORY).with_suffix("")) for page in PAGES}
    assert listed == pages - {"README"}


def test_the_first_page_leads_to_all_others():
    listed = re.findall(r"file: (\S+)", (REPOSITORY / "docs/toc.yml").read_text())
    linked = LINK.findall((REPOSITORY / "docs/index.md").read_text())
    assert {(REPOSITORY / "docs" / link).resolve() for link in linked} == {
        REPOSITORY / f"{page}.md" for page in listed
    }


def slug(heading: str) -> str:
    """Return the anchor that hosting platforms give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
