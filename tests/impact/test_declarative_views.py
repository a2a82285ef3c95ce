"""The promise for views: their attributes, mixins, overrides and actions."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [
            ("store/views.py", "[MayWrite]", "[Never]"),
            ("store/views.py", "import Generous, MayWrite", "import Generous, MayWrite, Never"),
        ],
        (
            "Books.test_brief Books.test_create Books.test_create_too_cheap Books.test_filter "
            "Books.test_list Books.test_retrieve"
        ),
        "Books",
        id="permission",
    ),
    pytest.param(
        [
            ("store/views.py", "[AllowAny]", "[Never]"),
            ("store/views.py", "import Generous, MayWrite", "import Generous, MayWrite, Never"),
        ],
        "Plain.test_ping Plain.test_ping_refuses",
        "Plain",
        id="permission-of-a-function",
    ),
    pytest.param(
        [("store/security.py", 'header = "HTTP_X_MEMBER"', 'header = "HTTP_X_OTHER"')],
        "Books.test_create Books.test_create_too_cheap",
        "Authors Books Plain Suppliers Texts",
        id="authentication",
    ),
    pytest.param(
        [("store/security.py", "allowed = True", "allowed = False")], "Texts", "", id="throttle"
    ),
    pytest.param(
        [("store/filters.py", 'parameter = "max"', 'parameter = "most"')],
        "Books.test_filter",
        "Books",
        id="filter",
    ),
    pytest.param(
        [("store/views.py", "    filter_backends = [ByPrice]\n", "")],
        "Books.test_filter",
        "Books",
        id="filter-removed",
    ),
    pytest.param(
        [("store/pagination.py", "page_size = 2", "page_size = 1")],
        "Books.test_list",
        "Authors Books Plain Suppliers Texts",
        id="pagination",
    ),
    pytest.param(
        [
            (
                "store/views.py",
                """    serializer_class = AuthorSerializer
    pagination_class = None
""",
                "    serializer_class = AuthorSerializer\n",
            )
        ],
        "Authors.test_list",
        "",
        id="pagination-of-a-view",
    ),
    pytest.param(
        [("store/formats.py", 'separator = ","', 'separator = "|"')], "Texts", "", id="renderer"
    ),
    pytest.param(
        [("store/formats.py", 'separator = ";"', 'separator = "|"')],
        "Texts.test_parse",
        "Texts",
        id="parser",
    ),
    pytest.param(
        [("store/views.py", "    parser_classes = [LineParser]\n", "")],
        "Texts.test_parse",
        "Texts",
        id="parser-removed",
    ),
    pytest.param(
        [("store/formats.py", 'default_version = "1"', 'default_version = "0"')],
        "Texts.test_render",
        "Texts",
        id="versioning",
    ),
    pytest.param(
        [("store/formats.py", 'version_param = "v"', 'version_param = "w"')],
        "Texts.test_version",
        "Texts",
        id="version-parameter",
    ),
    pytest.param(
        [("store/mixins.py", 'label = "plain"', 'label = "other"')],
        "Books.test_label",
        "Books",
        id="mixin",
    ),
    pytest.param(
        [("store/views.py", "BookViewSet(Labelled, viewsets", "BookViewSet(viewsets")],
        "Books.test_label",
        "Books",
        id="mixin-removed",
    ),
    pytest.param(
        [
            (
                "store/views.py",
                "    def perform_create",
                """    def get_queryset(self):
        return Book.objects.none()

    def perform_create""",
            )
        ],
        "Books.test_brief Books.test_filter Books.test_list Books.test_retrieve",
        "Books",
        id="override-added",
    ),
    pytest.param(
        [
            (
                "store/views.py",
                """    def perform_create(self, serializer):
        author = Author.objects.get_or_create(name="Unknown")[0]
        serializer.save(author=author)

""",
                "",
            )
        ],
        "Books.test_create",
        "Books",
        id="override-removed",
    ),
    pytest.param(
        [
            (
                "store/mixins.py",
                '    label = "plain"\n',
                """    label = "plain"

    def get_queryset(self):
        return super().get_queryset().none()
""",
            )
        ],
        "Books.test_brief Books.test_filter Books.test_list Books.test_retrieve",
        "Books",
        id="override-in-a-mixin",
    ),
    pytest.param(
        [("store/views.py", "Book.objects.all()", "Book.objects.cheap()")],
        "Books.test_brief Books.test_filter Books.test_list Books.test_retrieve",
        "Books",
        id="queryset",
    ),
    pytest.param(
        [("store/views.py", 'detail=False, url_path="brief"', 'detail=True, url_path="brief"')],
        "Books.test_brief",
        "Books",
        id="action",
    ),
    pytest.param(
        [("store/views.py", "BriefSerializer(self", "BookSerializer(self")],
        "Books.test_brief",
        "",
        id="action-body",
    ),
    pytest.param(
        [("store/views.py", '["GET"]', '["GET", "POST"]')],
        "Plain.test_ping_refuses",
        "Plain",
        id="api-view-methods",
    ),
    pytest.param(
        [("store/views.py", '{"status": "up"}', '{"status": "down"}')],
        "Plain.test_status",
        "Plain",
        id="async-view",
    ),
    pytest.param(
        [("store/views.py", "async def status", "def status")],
        "",
        "Plain",
        id="async-view-becomes-sync",
    ),
    pytest.param(
        [
            (
                "store/views.py",
                "serializer_class = AuthorSerializer",
                "serializer_class = SupplierSerializer",
            )
        ],
        "Authors.test_list",
        "",
        id="generic-view-serializer",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
