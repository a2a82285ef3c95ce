"""Templates of Django's own engine, by name.

The name is what a test depends on, not the file: a template added earlier on the search path takes
its place, and one that was looked for in vain may come into being.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import SuspiciousFileOperation
from django.template.backends.django import DjangoTemplates
from django.template.base import Origin, Template
from django.template.engine import Engine
from django.template.exceptions import TemplateDoesNotExist
from django.template.loaders.cached import Loader as CachedLoader
from django.template.loaders.filesystem import Loader as FilesLoader
from django.utils._os import safe_join

from cdds_django.impact.code.tree import ABSENT, digest
from cdds_django.impact.recording.patching import all_of, wrap
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

NAMELESS = "<nameless>"
"""Stands for templates made from text, whose text is code."""


class Templates:
    kind = "template"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        def find_template(
            original: Any, engine: Engine, name: str, *args: Any, **kwargs: Any
        ) -> Any:
            # Every use asks the engine, also one that the cached loader serves.
            recorder.note("template", str(name))
            return original(engine, name, *args, **kwargs)

        def compile_nodelist(original: Any, template: Template) -> Any:
            # Compiling runs the template tags' parsers, once for all tests that render it.
            if not template.name:
                recorder.note("template", NAMELESS)
                return original(template)
            with recorder.filling(Dependency("template", str(template.name))):
                return original(template)

        unwrap = [
            wrap(Engine, "find_template", find_template),
            wrap(Template, "compile_nodelist", compile_nodelist),
        ]
        return all_of(unwrap)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        contents = _Contents(_django_engines() if keys else [])
        return {key: contents.fingerprint(key) for key in keys}


def templates_with(word: str, names: Iterable[str]) -> set[str]:
    """Return which of these templates contain a word, or may do so."""
    contents = _Contents(_django_engines())
    return {name for name in names if contents.may_contain(word, name)}


def _django_engines() -> list[Engine]:
    from django.template import engines

    return [backend.engine for backend in engines.all() if isinstance(backend, DjangoTemplates)]


class _UntoldError(Exception):
    """A loader doesn't tell what it would load."""


class _Contents:
    """What the engines would load, asked for many names in a row."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines
        self._holding: dict[tuple[int, str], list[Any]] = {}
        """Directories of templates, by the loader's id and by the first part of a name."""

    def fingerprint(self, name: str) -> str:
        try:
            contents = [self._content(name, engine) for engine in self._engines]
        except _UntoldError as told:
            return f"{told} {uuid.uuid4()}"  # Never the same, so those who use it always run.
        found = [content for content in contents if content is not None]
        return digest("\0".join(found).encode("utf-8", "surrogatepass")) if found else ABSENT

    def may_contain(self, word: str, name: str) -> bool:
        try:
            return any(word in (self._content(name, engine) or "") for engine in self._engines)
        except _UntoldError:
            return True

    def _content(self, name: str, engine: Engine) -> str | None:
        """Return all candidates' content in order: `extends` may reach the second of a name.

        Raises _UntoldError.
        """
        contents = []
        for loader in engine.template_loaders:
            try:
                for origin in self._sources(name, loader):
                    if _is_missing(origin, loader):
                        continue
                    with suppress(TemplateDoesNotExist, FileNotFoundError, UnicodeDecodeError):
                        contents.append(_content_of(origin, loader))
            except Exception as error:
                # A loader of the project's own may know its templates only while tests run, or
                # tell nobody (the base class raises NotImplementedError).
                raise _UntoldError(
                    f"{type(loader).__qualname__} doesn't tell its content"
                ) from error
        return "\0".join(contents) if contents else None

    def _sources(self, name: str, loader: Any) -> Iterator[Origin]:
        """Yield what `loader.get_template_sources` does, but for files that can't be there.

        Every app has a directory of templates, and nearly none of them holds one of this name.
        """
        get_sources = type(loader).get_template_sources
        if get_sources is CachedLoader.get_template_sources:
            for inner in loader.loaders:
                yield from self._sources(name, inner)
        elif get_sources is FilesLoader.get_template_sources:
            for directory in self._directories(loader, name.partition("/")[0]):
                with suppress(SuspiciousFileOperation):
                    path = safe_join(directory, name)
                    yield Origin(name=path, template_name=name, loader=loader)
        else:
            yield from loader.get_template_sources(name)

    def _directories(self, loader: Any, first: str) -> list[Any]:
        """Return those of a loader's directories that have an entry of this name."""
        place = (id(loader), first)
        if place not in self._holding:
            found = loader.get_dirs()
            self._holding[place] = [d for d in found if os.path.lexists(os.path.join(d, first))]
        return self._holding[place]


def _content_of(origin: Origin, loader: Any) -> str:
    # A loader may name what another one will load.
    for one in (loader, origin.loader):
        get_contents: Any = getattr(one, "get_contents", None)
        if get_contents is not None:
            return str(get_contents(origin))
    if not Path(origin.name).is_absolute():
        raise _UntoldError(f"{origin.name} isn't the name of a file")
    return Path(origin.name).read_text(encoding="utf-8")


def _is_missing(origin: Origin, loader: Any) -> bool:
    """Whether there is no file, as far as the loaders are those that would open just that.

    In most directories there is none, and an exception costs more than asking.
    """
    return (
        getattr(type(loader), "get_contents", None) in _OPENING
        and getattr(type(origin.loader), "get_contents", None) is FilesLoader.get_contents
        and not os.path.exists(origin.name)
    )


_OPENING = (CachedLoader.get_contents, FilesLoader.get_contents)
