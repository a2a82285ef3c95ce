"""Signals, app configs, management commands, template tags, middleware."""

import ast
from collections.abc import Iterator

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.operators import bodies
from benchmarks.laboratory.operators.base import (
    decorators_removed,
    keywords_edited,
    literal_changed,
    statement_dropped,
)
from benchmarks.laboratory.reading import assignments, methods, name_of

SIGNALS = "signals: receivers removed or changed"
RECEIVERS = "signals: receivers added"
APPS = "app configs"
COMMANDS = "management commands"
TAGS = "template tags and filters"
MIDDLEWARE = "middleware classes"
PROCESSORS = "context processors"

_RECEIVER = """


from django.db.models import signals as _mutant_signals


def _mutant_receiver(sender, **kwargs):
    raise ValueError("mutant")


_mutant_signals.{signal}.connect(_mutant_receiver, sender={sender}, dispatch_uid="mutant")
"""


def signals(source: Source, families: Families) -> Iterator[Edit]:
    """Edit receivers, and add some to files with models or receivers."""
    for function in source.functions():
        for decorator in function.decorator_list:
            if name_of(decorator) == "receiver":
                span = source.decorator_span(decorator)
                yield Edit(SIGNALS, "receiver removed", span, "")
                begin, end = source.span(decorator)
                for old, new in (("post_", "pre_"), ("pre_", "post_")):
                    place = source.text.find(old, begin, end)
                    if place >= 0:
                        word = (place, place + len(old))
                        yield Edit(SIGNALS, "another signal", word, new)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Expr) and name_of(node.value) == "connect":
            yield statement_dropped(SIGNALS, "connection", source, node)
    for cls in source.classes():
        concrete = "abstract = True" not in source.segment(cls)
        if families.is_a(cls, "model") and concrete and source.parents[cls] is source.tree:
            at_end = (len(source.text), len(source.text))
            for signal in ("post_save", "pre_delete", "post_init"):
                text = _RECEIVER.format(signal=signal, sender=cls.name)
                yield Edit(RECEIVERS, f"{signal} receiver added", at_end, text)


def apps(source: Source, families: Families) -> Iterator[Edit]:
    """Edit app configs."""
    for cls in source.classes():
        if families.is_a(cls, "app"):
            for name, value, statement in assignments(cls.body):
                if name != "name":
                    yield statement_dropped(APPS, name, source, statement)
                    yield from literal_changed(APPS, name, source, value)
            for method in methods(cls):
                for line in method.body:
                    yield statement_dropped(APPS, f"{method.name}()", source, line)


def commands(source: Source, families: Families) -> Iterator[Edit]:
    """Edit the arguments of management commands."""
    for cls in source.classes():
        if families.is_a(cls, "command"):
            for name, value, _ in assignments(cls.body):
                yield from literal_changed(COMMANDS, name, source, value)
            for method in methods(cls):
                yield from bodies.within(COMMANDS, source, method)
            for node in ast.walk(cls):
                if isinstance(node, ast.Call) and name_of(node) == "add_argument":
                    yield from keywords_edited(COMMANDS, source, node, {})


def tags(source: Source, families: Families) -> Iterator[Edit]:
    """Edit template tags and filters: their registration first of all."""
    if "templatetags/" not in source.path:
        return
    for function in source.functions():
        yield from decorators_removed(TAGS, source, function)
        yield from bodies.within(TAGS, source, function)
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call):
                yield from keywords_edited(TAGS, source, decorator, {})
                for argument in decorator.args:
                    yield from literal_changed(TAGS, "name", source, argument)
            elif name_of(decorator) in ("filter", "simple_tag"):
                end = source.span(decorator)[1]
                yield Edit(TAGS, "renamed", (end, end), '(name="mutant")')
    for node in source.tree.body:
        if isinstance(node, ast.Expr) and name_of(node.value) in ("filter", "simple_tag", "tag"):
            yield statement_dropped(TAGS, "registration", source, node)


def around_requests(source: Source, families: Families) -> Iterator[Edit]:
    """Edit middleware and context processors, told by the file's name."""
    for word, kind in (("middleware", MIDDLEWARE), ("context_processors", PROCESSORS)):
        if word in source.path.rpartition("/")[2]:
            for function in source.functions():
                yield from bodies.within(kind, source, function)
                yield from decorators_removed(kind, source, function)
            for cls in source.classes():
                for method in methods(cls):
                    if method.name not in ("__init__", "__call__"):
                        yield statement_dropped(kind, "method", source, method)
