"""`impact.sources.audit`: hooks that come and go."""

from __future__ import annotations

import sys

from cdds_django.impact.sources.audit import listen


def test_hook_hears_what_it_asked_for_until_it_ends() -> None:
    heard: list[object] = []
    end = listen(["cdds.test"], lambda event, arguments: heard.append((event, arguments)))
    sys.audit("cdds.test", 1)
    sys.audit("cdds.other", 2)
    end()
    sys.audit("cdds.test", 3)

    assert heard == [("cdds.test", (1,))]
