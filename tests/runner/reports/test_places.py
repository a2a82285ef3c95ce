"""Where tests are written, found by their ids."""

from __future__ import annotations

import pytest

from cdds_django.runner.outcomes.outcome import TestRow
from cdds_django.runner.reports.places import Place, Places

SOURCE = """
from base import Base

if True:
    class Tests(Base):
        @decorated
        def test_here(self):
            pass

        class Inner(Base):
            async def test_inside(self):
                pass
"""


@pytest.fixture
def places(tmp_path):
    (tmp_path / ".git").mkdir()
    module = tmp_path / "back end" / "some" / "odd_tests.py"
    module.parent.mkdir(parents=True)
    module.write_text(SOURCE)
    (module.parent / "__init__.py").write_text("")
    (module.parent / "damaged_tests.py").write_text("def (")
    return Places(tmp_path / "back end")


@pytest.mark.parametrize(
    ("test_id", "file", "line"),
    [
        ("some.odd_tests.Tests.test_here", "odd_tests.py", 7),
        ("some.odd_tests.Tests.Inner.test_inside", "odd_tests.py", 11),
        ("some.odd_tests.Tests.test_of_a_base_class", "odd_tests.py", 5),
        ("some.odd_tests.Made.test_by_a_function", "odd_tests.py", None),
        ("some.damaged_tests.Tests.test_here", "damaged_tests.py", None),
        ("unittest.loader._FailedTest.some.damaged_tests", "damaged_tests.py", None),
        ("some.Tests.test_in_a_package", "__init__.py", None),
    ],
)
def test_a_test(places, test_id, file, line):
    assert places.of_test(test_id) == Place(f"back end/some/{file}", line)


def test_nowhere(places):
    assert places.of_test("other.Tests.test_here") is None
    # Code of others is in no file of the checkout.
    assert places.of_test("json.decoder.JSONDecoder.decode") is None
    assert places.of_failure(TestRow(id="other.T.test", outcome="error")) is None


def failed(detail):
    return TestRow(id="some.odd_tests.Tests.test_here", outcome="failed", detail=detail)


def test_a_failure(places, tmp_path):
    # The line in the test itself, though the failure came from deeper, and on another machine.
    frames = [
        ("/elsewhere/back end/some/odd_tests.py", 8),
        (tmp_path / "back end/some/__init__.py", 3),
        ("/usr/lib/python3/unittest/case.py", 70),
    ]
    text = "".join(f'  File "{file}", line {line}, in a_function\n' for file, line in frames)
    assert places.of_failure(failed(text)) == Place("back end/some/odd_tests.py", 8)
    # Else the last one of the project, or the test.
    rest = text.split("\n", 1)[1]
    assert places.of_failure(failed(rest)) == Place("back end/some/__init__.py", 3)
    assert places.of_failure(failed("It died.")) == Place("back end/some/odd_tests.py", 7)
