"""The documentation site: `sphinx-build -W -n -c docs . OUTPUT` from the repository's root.

The pages' source directory is the whole repository. So the same relative links lead to the same
pages on a code host and on the site, also to pages that lie beside the code, as the changelog does.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

REPOSITORY = Path(__file__).resolve().parents[1]
_PACKAGE = (REPOSITORY / "cdds_django" / "__init__.py").read_text(encoding="utf-8")

project = "cdds_django"
version = release = re.findall(r'__version__ = "(.+)"', _PACKAGE)[0]
language = "en"

extensions = ["myst_parser", "sphinx_external_toc"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "benchmarks/README.md", "*.md"]
exclude_patterns = ["README.md"]
# The order of the pages, so that they themselves stay plain Markdown.
external_toc_path = "docs/toc.yml"

# Anchors are those of code hosts.
myst_heading_anchors = 4
highlight_language = "text"
pygments_style = "friendly"
pygments_dark_style = "github-dark"

html_theme = "furo"
html_title = "cdds_django"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_static_path = ["site/static"]
html_css_files = ["site.css"]
# Sends whoever opens the site's root to its first page.
html_extra_path = ["site/index.html"]


class SourceLinks(SphinxTransform):
    """Leave only the text of links to the code: the site has pages alone.

    Files below docs/ are offered for download.
    """

    # Before MyST looks for the targets.
    default_priority = 1

    def apply(self) -> None:
        page = REPOSITORY / self.env.doc2path(self.env.docname)
        for node in list(self.document.findall(_is_local_link)):
            target = (page.parent / node["reftarget"].partition("#")[0]).resolve()
            is_download = target.is_file() and REPOSITORY / "docs" in target.parents
            if target.exists() and target.suffix != ".md" and not is_download:
                node.replace_self([nodes.inline("", "", *node.children)])


def _is_local_link(node: nodes.Node) -> bool:
    return isinstance(node, addnodes.download_reference) or (
        isinstance(node, addnodes.pending_xref) and node.get("reftype") == "myst"
    )


def setup(app: Sphinx) -> None:
    app.add_transform(SourceLinks)
