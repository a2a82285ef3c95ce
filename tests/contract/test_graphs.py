"""Strongly connected components come after those they lead to."""

from __future__ import annotations

from cdds_django.contract.graphs import strongly_connected


def components(graph):
    return [sorted(group) for group in strongly_connected(graph)]


def test_chain_is_yielded_from_its_end():
    assert components({"a": ["b"], "b": ["c"], "c": []}) == [["c"], ["b"], ["a"]]


def test_circle_is_one_component():
    graph = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["d"]}
    assert components(graph) == [["d"], ["a", "b", "c"]]


def test_two_circles_with_a_bridge():
    graph = {"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}
    assert components(graph) == [["c", "d"], ["a", "b"]]


def test_long_chains_need_no_recursion():
    graph = {str(n): [str(n + 1)] for n in range(20_000)} | {"20000": []}
    assert len(components(graph)) == 20_001
