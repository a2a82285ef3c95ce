"""The promise for URL patterns, names, routers, converters and routes made by decorators."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/urls.py", 'path("ping/"', 'path("pong/"')],
        "Pages.test_page Plain.test_ping Plain.test_ping_refuses",
        "Pages Plain",
        id="path",
    ),
    pytest.param(
        [("store/urls.py", 'path("authors/"', 'path("writers/"')],
        "Authors",
        "",
        id="path-of-a-name",
    ),
    pytest.param([("store/urls.py", 'name="ping"', 'name="pong"')], "Pages", "Plain", id="name"),
    pytest.param(
        [
            (
                "store/urls.py",
                "urlpatterns = [\n",
                """urlpatterns = [
    path("ping/", views.page),
""",
            )
        ],
        "Plain.test_ping Plain.test_ping_refuses",
        "Plain",
        id="shadowed",
    ),
    pytest.param(
        [
            (
                "store/urls.py",
                '    path("", include(router.urls)),\n',
                """    path("", include(router.urls)),
    path("ping/", views.page),
""",
            )
        ],
        "",
        "",
        id="shadowed-behind",
    ),
    pytest.param(
        [
            (
                "store/urls.py",
                "urlpatterns = [\n",
                """urlpatterns = [
    path("nowhere/", views.page),
""",
            )
        ],
        "Plain.test_missing",
        "",
        id="comes-into-being",
    ),
    pytest.param(
        [("store/urls.py", '    path("page/", views.page),\n', "")], "Pages", "", id="removed"
    ),
    pytest.param([("store/urls.py", '"books"', '"volumes"')], "Books", "", id="router-prefix"),
    pytest.param(
        [("store/urls.py", "views.BookViewSet)", 'views.BookViewSet, basename="volume")')],
        "Books.test_reverse",
        "Books",
        id="router-basename",
    ),
    pytest.param(
        [("store/urls.py", '"functions/"', '"calls/"')], "Functions", "", id="include-prefix"
    ),
    pytest.param(
        [("store/urls.py", "views.status)", "views.page)")],
        "Plain.test_status",
        "Plain",
        id="view-of-a-route",
    ),
    pytest.param(
        [("store/converters.py", "{3}", "{4}")],
        "Plain.test_isbn Plain.test_isbn_unknown",
        "Admin Authors Books Functions Pages Plain Suppliers Texts",
        id="converter",
    ),
    pytest.param(
        [("store/functions.py", '"shelves/"', '"boards/"')],
        "Functions.test_shelves",
        "Functions",
        id="function-route",
    ),
    pytest.param(
        [("store/functions.py", '{"top": 1}', '{"top": 2}')],
        "Functions.test_shelves",
        "",
        id="function-route-data",
    ),
    pytest.param(
        [("store/functions.py", "base=0", "base=1")],
        "Functions.test_floor",
        "Functions",
        id="function-route-default",
    ),
    pytest.param(
        [("store/functions.py", '"shelves/"', '"shelves/", status=201')],
        "",
        "Functions",
        id="function-route-status",
    ),
    pytest.param(
        [
            (
                "store/functions.py",
                '@api.get("floors/<int:number>/")',
                """@api.get("rooms/")
def rooms(request):
    return {}


@api.get("floors/<int:number>/")""",
            )
        ],
        "",
        "Functions",
        id="function-route-added",
    ),
    pytest.param(
        [("store/functions.py", '@api.get("shelves/")\n', "")],
        "Functions.test_shelves",
        "Functions",
        id="function-route-removed",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
