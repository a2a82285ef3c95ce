"""Adding the app and the runner to the source of a settings module, and nothing else to it."""

from __future__ import annotations

import ast
import io
import tokenize

from cdds_django.init.facts import RUNNER

APP = "cdds_django"


def edited(
    source: bytes, *, app: bool, runner: bool, in_list: bool = True, has_name: bool = True
) -> bytes:
    """Return `source` with what is asked for: the app, the runner.

    The app goes into the list INSTALLED_APPS where the module has one, else (or with `in_list`
    False) to the end of the module. `has_name` is whether the module has the name at all.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    text = source.decode(encoding)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = []
    if app:
        inserted = _in_list(text, newline) if in_list else None
        if inserted is not None:
            text = inserted
        else:
            # A list or a tuple, and a new one: another module may hold the old one.
            others = "*INSTALLED_APPS, " if has_name else ""
            lines.append(f'INSTALLED_APPS = [{others}"{APP}"]')
    if runner:
        lines.append(f'TEST_RUNNER = "{RUNNER}"')
    if lines:
        end = "" if text.endswith(("\n", "\r")) or not text else newline
        head = "# Runs only the tests that a change can affect."
        text = newline.join([f"{text}{end}", head, *lines, ""])
    compile(text, "settings", "exec", dont_inherit=True)
    return text.encode(encoding)


def _in_list(text: str, newline: str) -> str | None:
    """Return `text` with the app as the last of a list literal, None if there is no such list."""
    listed = _list_literal(ast.parse(text))
    if listed is None:
        return None
    lines = text.encode().splitlines(keepends=True)
    if not listed.elts:
        return _with(text, _offset(lines, listed.lineno, listed.col_offset) + 1, f'"{APP}"')
    last = listed.elts[-1]
    end_line = last.end_lineno or 0
    place = _offset(lines, end_line, last.end_col_offset or 0)
    raw = text.encode()
    quote = "'" if raw[place - 1 : place] == b"'" else '"'
    name = f"{quote}{APP}{quote}"
    if listed.end_lineno == end_line:
        return _with(text, place, f", {name}")
    # On a line of its own, below whatever comment stands behind the last.
    line = lines[last.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())].decode()
    if last.lineno == listed.lineno:
        indent = "    "
    added = _with(text, _offset(lines, end_line + 1, 0), f"{indent}{name},{newline}")
    if not _comma_follows(raw[place:]):
        added = _with(added, place, ",")
    return added if _is_last(added) else None


def _is_last(text: str) -> bool:
    """Return whether the list has the app at its end: a comma may stand on a line of its own."""
    try:
        listed = _list_literal(ast.parse(text))
    except SyntaxError:
        return False
    return listed is not None and ast.unparse(listed.elts[-1]) == repr(APP)


def _list_literal(tree: ast.Module) -> ast.List | None:
    found = None
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="INSTALLED_APPS")], value=value):
                found = value
            case ast.AnnAssign(target=ast.Name(id="INSTALLED_APPS"), value=value):
                found = value
    return found if isinstance(found, ast.List) else None


def _comma_follows(rest: bytes) -> bool:
    """Return whether a comma comes next, whatever comments stand before it."""
    # In brackets, so that the lines' indentation means nothing.
    for token in tokenize.tokenize(io.BytesIO(b"(" + rest).readline):
        if token.type == tokenize.OP and token.string in (",", "]"):
            return token.string == ","
    return False


def _offset(lines: list[bytes], line: int, column: int) -> int:
    """Return the place in the file's bytes (UTF-8) of a line, from 1, and a column, from 0."""
    return sum(map(len, lines[: line - 1])) + column


def _with(text: str, place: int, added: str) -> str:
    raw = text.encode()
    return (raw[:place] + added.encode() + raw[place:]).decode()
