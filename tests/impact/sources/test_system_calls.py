"""`impact.sources.system_calls`: hooks that come and go, and whom they hear."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import gc, glob, io, os, pathlib, pickle, pkgutil, subprocess, sys, tempfile, tokenize

directory = sys.argv[1]
os.chdir(directory)

class Keeper:
    opener = open
    lister = staticmethod(os.listdir)

def by_default(opener=open):
    opener("default.txt", "w").close()

def closing_over(function):
    return lambda: function("closure.txt", "w").close()

closed_over = closing_over(open)
kept = {"open": open, "list": [open]}

if sys.argv[2] == "frozen":
    gc.freeze()

from cdds_django.impact.sources.system_calls import listen

heard = []
callers = []

def hook(event, arguments):
    heard.append((event, *map(str, arguments[:1])))
    callers.append(sys._getframe(2).f_code.co_filename)

events = ["open", "os.listdir", "os.scandir", "os.remove", "os.rename", "subprocess.Popen"]
end = listen(events, hook)

def told(action):
    heard.clear(); callers.clear()
    action()
    return list(heard)

OPEN = lambda name: [("open", name)]
assert told(lambda: open("a.txt", "w").close()) == OPEN("a.txt")
assert callers == [__file__], callers
assert told(lambda: Keeper.opener("b.txt", "w").close()) == OPEN("b.txt")
assert told(lambda: Keeper().opener("b.txt", "w").close()) == OPEN("b.txt")
assert told(by_default) == OPEN("default.txt")
assert told(closed_over) == OPEN("closure.txt")
assert told(lambda: kept["open"]("c.txt", "w").close()) == OPEN("c.txt")
assert told(lambda: kept["list"][0]("c.txt").close()) == OPEN("c.txt")
assert told(lambda: io.FileIO("a.txt").close()) == OPEN("a.txt")
assert told(lambda: pathlib.Path("a.txt").read_text()) == OPEN("a.txt")
assert told(lambda: tokenize.open(__file__).close()) == OPEN(__file__)
for action in (lambda: glob.glob("*.txt"), lambda: list(pathlib.Path(".").glob("*.txt"))):
    assert any(event == "os.scandir" for event, *_ in told(action))
assert told(lambda: Keeper.lister(".")) == [("os.listdir", ".")]
assert told(lambda: os.replace("b.txt", "d.txt")) == [("os.rename", "b.txt")]
assert told(lambda: pathlib.Path("d.txt").unlink()) == [("os.remove", "d.txt")]
passing = tempfile.NamedTemporaryFile()
assert told(passing.close) == [("os.remove", passing.name)]
assert ("subprocess.Popen",) in [one[:1] for one in told(lambda: subprocess.run(["true"]))]
assert told(lambda: os.listdir()) == [("os.listdir", "None")]
assert told(lambda: pkgutil.get_data("json", "decoder.py"))

# They pass for what they replace.
assert all(pickle.loads(pickle.dumps(function)) is function for function in (open, os.remove))
assert isinstance(open("a.txt", "rb", buffering=0), io.FileIO)
assert not isinstance(io.StringIO(), io.FileIO)
assert issubclass(io.FileIO, io.RawIOBase)
assert os.listdir in os.supports_fd
try:
    open()
except TypeError as error:
    assert "file" in str(error)

end()
assert told(lambda: open("a.txt").close()) == []
print("heard everything")
"""


@pytest.mark.parametrize("objects", ["usual", "frozen"])
def test_hooks_hear_whoever_calls_until_they_end(tmp_path, objects: str) -> None:
    # In a process of its own: references that others took before are part of it.
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(tmp_path / "script.py"), str(tmp_path), objects]
    result = subprocess.run(command, capture_output=True, text=True)

    assert result.stdout == "heard everything\n", result.stderr
