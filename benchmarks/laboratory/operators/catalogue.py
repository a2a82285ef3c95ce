"""Which operators apply to which file."""

import re
from collections.abc import Callable, Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators import (
    bodies,
    components,
    configuration,
    models,
    pages,
    serializers,
    support,
    texts,
    urls,
    values,
    views,
    wiring,
)
from benchmarks.laboratory.operators.base import Operator

APPLICATION: tuple[Operator, ...] = (
    serializers.find,
    views.find,
    components.find,
    urls.find,
    models.find,
    wiring.signals,
    wiring.apps,
    wiring.commands,
    wiring.tags,
    wiring.around_requests,
    pages.forms,
    pages.admin,
    values.constants,
    values.attributes,
    values.defaults,
    values.decorators,
    values.names,
    bodies.find,
)
"""For files of the application. Of equal edits, the one named first counts."""

PYTHON: tuple[tuple[re.Pattern[str], tuple[Operator, ...]], ...] = (
    (re.compile(r"/migrations/"), (support.migrations,)),
    (re.compile(r"(^|/)(tests/(.*/)?test_|test_|tests\.py)"), (support.fixtures,)),
    (re.compile(r"(^|/)(tests?|testing)(/|\.py)"), (support.helpers,)),
    (re.compile(r"(^|/)settings(/|\.py)"), (configuration.find,)),
    (re.compile(r""), APPLICATION),
)
"""The first pattern that a Python file's path fits decides."""

TEXTS: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[Edit]]], ...] = (
    (re.compile(r"(^|/)templates/.*\.(html|txt|xml)$"), texts.templates),
    (re.compile(r"\.po$"), texts.translations),
    (re.compile(r"(^|/)static/.*\.(css|js|svg|txt)$"), texts.static),
    (re.compile(r"\.(json|csv|txt|html|xml|md)$"), texts.data),
)
"""The same for other files; those that fit none are left alone."""


def edits_of(source: Source, families: Families) -> Iterator[Edit]:
    """Yield all edits of a Python file."""
    for pattern, operators in PYTHON:
        if pattern.search(source.path):
            for operator in operators:
                yield from operator(source, families)
            return


def edits_of_text(path: str, text: str) -> Iterator[Edit]:
    """Yield all edits of another file."""
    for pattern, operator in TEXTS:
        if pattern.search(path):
            yield from operator(text)
            return
