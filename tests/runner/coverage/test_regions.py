"""Points keep their names while their region is what it was."""

from __future__ import annotations

import types
from pathlib import Path

import django

from cdds_django.runner.coverage.points import arc
from cdds_django.runner.coverage.regions import IMPORT, WHOLE, cut

SOURCE = """\
import re

class Order:
    limit = 3
    check = lambda self: (
        self.limit
    )

    @property
    def total(self):
        for row in self.rows:
            yield (row
                .price())

def short(x): return x
"""


def lines_of(code: types.CodeType) -> set[int]:
    found = {line for _, _, line in code.co_lines() if line}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= lines_of(constant)
    return found


def test_every_line_that_python_knows_has_a_place():
    for path in Path(django.__file__).parent.glob("db/models/**/*.py"):
        content = path.read_bytes()
        regions = cut(content)
        for line in lines_of(compile(content, path, "exec")):
            region, name = regions.named(line, branch=False)
            assert region != WHOLE, f"{path}:{line}"
            assert list(regions.points(region, [name], branch=False)) == [line]


def test_regions_of_lines_and_arcs():
    regions = cut(SOURCE.encode())
    assert regions.regions.keys() == {IMPORT, WHOLE, "Order.total", "short", "<lambda>#0"}
    of_line = {line: regions.named(line, branch=False)[0] for line in (1, 4, 6, 10, 11, 13, 15)}
    assert of_line == {
        1: IMPORT, 4: IMPORT, 6: "<lambda>#0", 10: IMPORT, 11: "Order.total", 13: "Order.total",
        15: IMPORT,
    }  # fmt: skip
    arcs = {(-9, 11): "Order.total", (11, -9): "Order.total", (11, 12): "Order.total",
            (4, 5): IMPORT, (-3, 3): IMPORT, (9, -3): IMPORT,
            (-1, 1): IMPORT, (15, -1): IMPORT, (-15, 15): "short",
            (15, -15): "short", (9, 15): IMPORT, (77, 78): WHOLE}  # fmt: skip
    for (start, end), region in arcs.items():
        found, name = regions.named(arc(start, end), branch=True)
        assert found == region, (start, end)
        assert list(regions.points(found, [name], branch=True)) == [arc(start, end)]


def test_points_move_with_their_region():
    before = cut(SOURCE.encode())
    text = SOURCE.replace("import re\n", "import re\n\n\n").replace(
        "            yield", "            # Slowly.\n            yield"
    )
    after = cut(text.encode())
    region, name = before.named(arc(12, 13), branch=True)
    assert after.regions[region].digest == before.regions[region].digest
    assert list(after.points(region, [name], branch=True)) == [arc(15, 16)]


def test_a_region_is_another_when_its_statements_share_other_lines():
    before = cut(b"def f(x):\n    if x: return 1\n    return 2\n")
    split = cut(b"def f(x):\n    if x:\n        return 1\n    return 2\n")
    other = cut(b"def f(x):\n    if x: return 3\n    return 2\n")
    digests = {cut_.regions["f"].digest for cut_ in (before, split, other)}
    assert len(digests) == 3
    assert before.regions[IMPORT].digest == split.regions[IMPORT].digest


def test_what_is_not_python_is_one_region():
    for regions in (cut(b"{% if x %}", is_python=False), cut(b"def f(:")):
        assert regions.regions.keys() == {WHOLE}
        assert regions.named(7, branch=False) == (WHOLE, 7)
