"""Templates of Django's own engine, by name.

The name is what a test depends on, not the file: a template added earlier on the search path takes
its place, and one that was looked for in vain may come into being.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.backends.django import DjangoTemplates
from django.template.base import Origin, Template
from django.template.engine import Engine
from django.template.exceptions import TemplateDoesNotExist
from django.template.loaders.cached import Loader as CachedLoader
from django.template.loaders.filesystem import Loader as FilesLoader

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
        engines = _django_engines() if keys else []
        return {key: _fingerprint(key, engines) for key in keys}


def _django_engines() -> list[Engine]:
    from django.template import engines

    return [backend.engine for backend in engines.all() if isinstance(backend, DjangoTemplates)]


def _fingerprint(name: str, engines: list[Engine]) -> str:
    try:
        found = [content for engine in engines if (content := _content(name, engine)) is not None]
    except _UntoldError as told:
        return f"{told} {uuid.uuid4()}"  # Never the same, so those who use it always run.
    return digest("\0".join(found).encode("utf-8", "surrogatepass")) if found else ABSENT


def templates_with(word: str, names: Iterable[str]) -> set[str]:
    """Return which of these templates contain a word, or may do so."""
    engines = _django_engines()
    return {name for name in names if any(_may_contain(word, name, one) for one in engines)}


def _may_contain(word: str, name: str, engine: Engine) -> bool:
    try:
        return word in (_content(name, engine) or "")
    except _UntoldError:
        return True


class _UntoldError(Exception):
    """A loader doesn't tell what it would load."""


def _content(name: str, engine: Engine) -> str | None:
    """Return all candidates' content in order: `extends` may reach the second of a name.

    Raises _UntoldError.
    """
    contents = []
    for loader in engine.template_loaders:
        try:
            for origin in loader.get_template_sources(name):
                if _is_missing(origin, loader):
                    continue
                with suppress(TemplateDoesNotExist, FileNotFoundError, UnicodeDecodeError):
                    contents.append(_content_of(origin, loader))
        except Exception as error:
            # A loader of the project's own may know its templates only while tests run, or
            # tell nobody (the base class raises NotImplementedError).
            raise _UntoldError(f"{type(loader).__qualname__} doesn't tell its content") from error
    return "\0".join(contents) if contents else None


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
