"""`impact.syntax.digests`: equal for equal meaning."""

from __future__ import annotations

import ast

import pytest

from cdds_django.impact.syntax.digests import body_digest, digest_of, docstring


def of(source: str) -> str:
    return digest_of(ast.parse(source).body)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x  =  (1)  # a comment"),
        ("x = 'a'", 'x = "a"'),
        ("x = u'a'", "x = 'a'"),
        ("def f(): return 1", "def f(): return 2"),
        ("x = {'a': 1}", "x = {\n    'a': 1,\n}"),
    ],
    ids=["layout", "quotes", "prefix", "body", "lines"],
)
def test_same(one: str, other: str) -> None:
    assert of(one) == of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = True"),
        ("x = 1", "x = 1.0"),
        ("x = 'a'", "x = b'a'"),
        ("def f(a=1): pass", "def f(a=2): pass"),
        ("def f(): pass", "async def f(): pass"),
        ("def f(): 'One.'", "def f(): 'Other.'"),
        ("@a\ndef f(): pass", "def f(): pass"),
        ("f(*a)", "f(a)"),
        ("x, y = z", "y, x = z"),
        ("x = '\\ud800'", "x = '\\ud801'"),
    ],
    ids=[
        *("bool", "float", "bytes", "default", "async", "docstring", "decorator", "star"),
        *("order", "surrogates"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert of(one) != of(other)


def function(source: str) -> ast.FunctionDef:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    return node


def test_body_counts_with_functions_inside() -> None:
    one, other = (f"def f():\n    def g(): return {value}\n    return g" for value in (1, 2))

    assert body_digest(function(one)) != body_digest(function(other))


def test_declaration_is_no_part_of_the_body() -> None:
    assert body_digest(function("def f(a=1): pass")) == body_digest(function("def g(b): pass"))


def test_docstring_is_kept_as_it_is() -> None:
    assert docstring(function("def f():\n    '''One\n      two'''")) == "One\n      two"
    assert docstring(ast.parse("1")) is None
