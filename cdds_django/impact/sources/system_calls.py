"""Hearing of files that are opened, moved, removed or listed, and of processes that are started.

The functions that do so are replaced by objects that tell first. An audit hook (PEP 578) would hear
of the same, but it is called at every event of the interpreter: `id()` raises one, and Django's
signals call it some hundred times in a test, so that a hook takes 3% of a suite's time.

Who took a reference to one of the functions before is given the new one, too, wherever that is.
What stays out is a `_io.FileIO` made under that very name, and a reference that C code holds.
"""

from __future__ import annotations

import functools
import importlib.machinery
import io
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from multiprocessing.process import BaseProcess
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    GetSetDescriptorType,
    ModuleType,
)
from typing import Any

from cdds_django.impact.recording.heap import holders_of
from cdds_django.upstream_calls import is_told_otherwise

Hook = Callable[[str, tuple[Any, ...]], None]
"""Takes an event's name and arguments. The frame of who called is two above the hook's own."""

_hooks: dict[str, list[Hook]] = {}
_installed: list[bool] = []


def listen(events: Collection[str], hook: Hook) -> Callable[[], None]:
    """Have `hook` called at `events`, which are named as audit events; return what ends that.

    The arguments of "open" are path, mode and flags; of others, those of the call.
    """
    for event in events:
        _hooks.setdefault(event, []).append(hook)
    if not _installed:
        # Modules imported from now on may take references: the new functions stay for good, and
        # are idle when nobody listens.
        _installed.append(True)
        _install()

    def end() -> None:
        for event in events:
            _hooks[event].remove(hook)

    return end


def _tell(event: str) -> list[Hook]:
    return _hooks.setdefault(event, [])


def _heard(hooks: list[Hook]) -> Sequence[Hook]:
    """Return those that are to be called now."""
    return () if is_told_otherwise() else hooks


class _Told:
    """A built-in function that tells of its calls. As such, it is never bound as a method."""

    def __init__(self, event: str, original: Any, arguments: Callable[..., tuple[Any, ...]]):
        functools.update_wrapper(self, original)
        self._event = event
        self._hooks = _tell(event)
        self._original = original
        self._arguments = arguments

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for hook in _heard(self._hooks):
            hook(self._event, self._arguments(*args, **kwargs))
        return self._original(*args, **kwargs)

    def __reduce__(self) -> str:
        return str(self.__qualname__)  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return repr(self._original)


def _opened(file: Any = None, mode: Any = "r", *_: Any, **__: Any) -> tuple[Any, ...]:
    return file, mode, 0


def _os_opened(path: Any = None, flags: Any = 0, *_: Any, **__: Any) -> tuple[Any, ...]:
    return path, None, flags


def _of_path(path: Any = None, *_: Any, **__: Any) -> tuple[Any, ...]:
    return (path,)


def _of_two(src: Any = None, dst: Any = None, *_: Any, **__: Any) -> tuple[Any, ...]:
    return src, dst


def _of_any(*args: Any, **_: Any) -> tuple[Any, ...]:
    return args


_OF_OS: dict[str, tuple[Callable[..., tuple[Any, ...]], tuple[str, ...]]] = {
    "open": (_os_opened, ("open",)),
    "os.remove": (_of_path, ("remove", "unlink")),
    "os.rename": (_of_two, ("rename", "replace")),
    "os.listdir": (_of_path, ("listdir",)),
    "os.scandir": (_of_path, ("scandir",)),
    "os.exec": (_of_any, ("execv", "execve")),
    "os.fork": (_of_any, ("fork",)),
    "os.forkpty": (_of_any, ("forkpty",)),
    "os.posix_spawn": (_of_any, ("posix_spawn", "posix_spawnp")),
    "os.system": (_of_any, ("system",)),
}


def _install() -> None:
    told = [_Told("open", io.open, _opened), _Told("sqlite3.connect", sqlite3.connect, _of_path)]
    for event, (arguments, names) in _OF_OS.items():
        for name in names:
            original = getattr(os, name, None)
            if isinstance(original, BuiltinFunctionType):
                told.append(_Told(event, original, arguments))
    _hand_out({id(one._original): one for one in told}, [one._original for one in told])
    io.FileIO = _told_file_io()  # type: ignore[misc]
    loader = importlib.machinery.SourcelessFileLoader.__mro__[1]
    _tell_of_method("open", loader, "get_data", lambda _, path, *__: (path, "r", 0))
    _tell_of_method("subprocess.Popen", subprocess.Popen, "_execute_child", _of_any)
    # Where processes are spawned, or forked by a server, nothing else tells.
    _tell_of_method("multiprocessing.start", BaseProcess, "start", _of_any)


def _hand_out(told: dict[int, _Told], originals: Sequence[Any]) -> None:
    """Give whoever holds one of the originals, by its id in `told`, what tells in its place."""
    # The standard library's own defaults are known. Where nobody else has any, one pass will do.
    for function in _methods_of(tempfile):
        _replace_defaults(function, told)
    ours = {id(originals), *(id(vars(one)) for one in told.values())}
    passed_on = list(map(id, originals))
    tuples = []
    for holder in holders_of(*originals):
        if id(holder) in ours:
            continue
        if isinstance(holder, dict):
            own = holder.get("__dict__", holder.get("__weakref__"))
            for name, value in list(holder.items()):
                if id(value) in told and isinstance(own, GetSetDescriptorType):
                    setattr(own.__objclass__, name, told[id(value)])  # The namespace of a class.
                elif id(value) in told:
                    holder[name] = told[id(value)]
        elif isinstance(holder, list):
            holder[:] = [told.get(id(value), value) for value in holder]
        elif isinstance(holder, set):
            # As `os.supports_fd`, which says what the functions can do.
            holder.update(told[id(value)] for value in list(holder) if id(value) in told)
        elif isinstance(holder, staticmethod):
            holder.__init__(told[id(holder.__func__)])  # type: ignore[misc]
        elif isinstance(holder, CellType):
            holder.cell_contents = told[id(holder.cell_contents)]
        elif isinstance(holder, tuple) and list(map(id, holder)) != passed_on:
            tuples.append(holder)
    # They are looked for together: going through all that a process holds takes long.
    for holder in holders_of(*tuples) if tuples else ():
        if isinstance(holder, FunctionType):
            _replace_defaults(holder, told)


def _methods_of(module: ModuleType) -> Iterator[FunctionType]:
    for cls in vars(module).values():
        if isinstance(cls, type):
            yield from (value for value in vars(cls).values() if isinstance(value, FunctionType))


def _replace_defaults(function: FunctionType, told: dict[int, _Told]) -> None:
    values = function.__defaults__ or ()
    if any(id(value) in told for value in values):
        function.__defaults__ = tuple(told.get(id(value), value) for value in values)


def _told_file_io() -> type[io.FileIO]:
    """Return a stand-in for `io.FileIO` that tells of the files it is made of."""
    original, hooks = io.FileIO, _tell("open")

    class Kind(type(original)):  # type: ignore[misc]
        def __instancecheck__(cls, instance: object) -> bool:
            # What `open()` returns is of the original.
            return super().__instancecheck__(instance) or (
                cls is FileIO and isinstance(instance, original)
            )

    class FileIO(io.FileIO, metaclass=Kind):
        def __init__(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> None:
            for hook in _heard(hooks):
                hook("open", (file, mode, 0))
            super().__init__(file, mode, *args, **kwargs)

    return FileIO


def _tell_of_method(event: str, owner: type, name: str, arguments: Callable[..., Any]) -> None:
    original, hooks = vars(owner)[name], _tell(event)

    @functools.wraps(original)
    def told(*args: Any, **kwargs: Any) -> Any:
        for hook in _heard(hooks):
            hook(event, arguments(*args, **kwargs))
        return original(*args, **kwargs)

    setattr(owner, name, told)
