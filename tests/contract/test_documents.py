"""OpenAPI documents from files."""

from __future__ import annotations

import pytest

from cdds_django.contract.documents import parse, read_document
from cdds_django.errors import ContractError

YAML = b"""\
openapi: 3.1.0
paths:
  /a:
    get:
      responses:
        200: {description: no, example: 2026-01-01, x-time: 12:30}
        404: {description: ~, x-count: 3, x-share: 0.5, x-on: true}
"""


def test_yaml_is_read_as_json_would_be(tmp_path):
    path = tmp_path / "api.yaml"
    path.write_bytes(YAML)
    responses = read_document(path)["paths"]["/a"]["get"]["responses"]
    assert responses == {
        "200": {"description": "no", "example": "2026-01-01", "x-time": "12:30"},
        "404": {"description": None, "x-count": 3, "x-share": 0.5, "x-on": True},
    }


def test_json_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "api.json"
    path.write_bytes(b'\xef\xbb\xbf{"openapi": "3.0.3"}')
    assert read_document(path) == {"openapi": "3.0.3"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"openapi": "3.0.3",\n "paths": }', "line 2, column 11: not valid JSON"),
        (b"openapi: 3.0.3\npaths: [\n", "line 3.*not valid YAML"),
        (b"- a\n- b\n", "no JSON or YAML object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"swagger": "2.0"}', "Swagger 2.0.*Convert"),
        (b'{"openapi": "4.0.0"}', "'4.0.0'.*3.0 or 3.1"),
        (b'{"openapi": 3}', "must be a version"),
        (b"", "no JSON or YAML object"),
        (b"a: !!python/object/apply:os.getcwd []", "not valid YAML"),
        (b"[" * 100_000, "nested too deeply"),
        (b"- " * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply|not valid JSON"),
    ],
)
def test_unusable_files_are_named(content, words, tmp_path):
    path = tmp_path / "api.json"
    path.write_bytes(content)
    with pytest.raises(ContractError, match=words) as caught:
        read_document(path)
    assert str(path) in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(ContractError, match=r"There is no file .*none\.json"):
        read_document(tmp_path / "none.json")


def test_braces_in_yaml_files():
    assert parse(b"{openapi: 3.0.3}", "api.yaml") == {"openapi": "3.0.3"}
