"""Build the documentation site, and check that its pages load nothing from other machines.

`python .ci/site.py OUTPUT`, from the repository's root. Sphinx finds links and anchors that lead
nowhere, and pages that no other page leads to.
"""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

# What a browser fetches by itself, by element and attribute.
_LOADED = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "object": ("data",),
}
_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_LOADED_BY_CSS = re.compile(
    r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')\s]+)", re.IGNORECASE
)


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LOADED.get(tag, ()) and _ELSEWHERE.match(value or ""):
                self.elsewhere.append(f"<{tag} {name}={value}>")


def loaded_from_elsewhere(site: Path) -> list[str]:
    """Return what pages and style sheets below `site` load from other machines, with the file."""
    found = []
    for path in sorted(site.rglob("*")):
        text = path.read_text(encoding="utf-8") if path.suffix in (".html", ".css") else ""
        if path.suffix == ".html":
            page = _Loads()
            page.feed(text)
            found += [f"{path.relative_to(site)}: {load}" for load in page.elsewhere]
        found += [f"{path.relative_to(site)}: {url}" for url in _LOADED_BY_CSS.findall(text)]
    return found


def main() -> int:
    """Return the exit status."""
    output = Path(sys.argv[1])
    command = [
        "-m",
        "sphinx",
        "-q",
        "-E",
        "-W",
        "--keep-going",
        "-n",
        "-c",
        "docs",
        ".",
        str(output),
    ]
    if subprocess.run([sys.executable, *command], check=False).returncode:
        return 1
    found = loaded_from_elsewhere(output)
    for line in found:
        print(f"loaded from another machine: {line}", file=sys.stderr)
    pages = len(list(output.rglob("*.html")))
    print(f"{pages} pages in {output}")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
