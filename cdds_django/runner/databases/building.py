"""Finding the templates that a run needs, and making those that aren't there."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections

from cdds_django.impact.code.tree import SourceTree, digest
from cdds_django.impact.records import Dependencies, Recording
from cdds_django.runner.databases.fingerprint import Fingerprints
from cdds_django.runner.databases.groups import Group
from cdds_django.runner.databases.inputs import first_difference
from cdds_django.runner.databases.kept_digests import KeptDigests
from cdds_django.runner.databases.names import new_template
from cdds_django.runner.databases.templates import Template

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


class Builder:
    """Knows the templates of one run."""

    def __init__(
        self,
        groups: Sequence[Group],
        *,
        fingerprints: Fingerprints,
        digests: KeptDigests,
        tree: SourceTree,
        recorder: Recorder | None,
        publish: bool,
    ) -> None:
        """With `publish`, later runs find what is made."""
        self.groups = groups
        self.publish = publish
        self._fingerprints = fingerprints
        self._digests = digests
        self._tree = tree
        self._recorder = recorder
        self.recordings: list[Recording] = []
        """What the run's recorder saw till the last template was made."""
        self.has_built = False

    def resolve(self, *, anew: bool, verbosity: int) -> None:
        """Find the templates or make them."""
        for group in self.groups:
            group.key = self._fingerprints.of(group.alias, group.engine.server())
        is_found = not anew and self._find()
        self._digests.save()
        if is_found:
            return
        with ExitStack() as stack:
            for group in sorted(self.groups, key=lambda one: one.base):
                stack.enter_context(group.engine.building(group.key))
            # Another run may have made them meanwhile.
            if anew or not self._find():
                self._build(anew=anew, verbosity=verbosity)

    def prepared_by(self) -> Dependencies:
        """Return what ran when the templates were made."""
        found = (group.template.dependencies() for group in self.groups if group.template)
        return frozenset[Any]().union(*found)

    def _find(self) -> bool:
        """Look for all templates; return whether they are there. Some may be found without it."""
        if len(self.groups) > 1:
            together = [self._known(group, self._key_together(group)) for group in self.groups]
            if all(together):
                for group, template in zip(self.groups, together, strict=True):
                    group.template = template
                return True
        for group in self.groups:
            group.template = self._known(group, group.key)
        return all(group.template for group in self.groups)

    def _known(self, group: Group, key: str) -> Template | None:
        for template in group.engine.candidates(key):
            if first_difference(template.inputs, self._tree, self._digests) is None:
                return template
        return None

    def _key_together(self, group: Group) -> str:
        """Return the fingerprint of a database that migrations of other ones have written to."""
        return digest("\0".join([group.key, *(one.alias for one in self.groups)]).encode())

    # Making.

    def _build(self, *, anew: bool, verbosity: int) -> None:
        # What is needed only here takes as long to import as finding a template.
        from cdds_django.runner.databases.seen_inputs import inputs_of
        from cdds_django.runner.databases.watching import watching

        self.has_built = True
        missing = [group for group in self.groups if anew or group.template is None]
        names = {
            group.alias: new_template(group.base, group.key)
            for group in self.groups
            if group in missing or len(self.groups) > 1
        }
        try:
            with watching(self._tree, self._recorder) as watch:
                mixed = self._make(missing, names, verbosity)
            if mixed and len(missing) < len(self.groups):
                # In the order that Django has: what is written to isn't finished yet.
                self._discard(names)
                self._build(anew=True, verbosity=verbosity)
                return
            seen = watch.dependencies()
            if self._recorder is not None:
                self.recordings += [watch.earlier, watch.recording]
            now = time.time()
            inputs = tuple(tuple(one) for one in inputs_of(seen, self._tree))
            for group in missing:
                key = self._key_together(group) if mixed else group.key
                template = Template(
                    name=names.pop(group.alias),
                    key=key,
                    alias=group.alias,
                    made_at=now,
                    used_at=now,
                    inputs=inputs,  # type: ignore[arg-type]
                    prepared_by=tuple(sorted(seen)),
                )
                group.template = group.engine.complete(template, publish=self.publish)
        finally:
            self._discard(names)

    def _make(self, missing: Sequence[Group], names: dict[str, str], verbosity: int) -> bool:
        """Make databases under names for the time being; return whether they have to do with
        each other: whether a statement for one was run while another was made."""
        mixed: list[str] = []
        databases: dict[str, str] = {}
        for group in self.groups:
            if group.alias in names:
                template = None if group in missing else group.template
                databases[group.alias] = group.engine.begin(names[group.alias], template)
                if template is not None:
                    name_it(group, databases[group.alias])
        for group in missing:
            with (
                _listening([one for one in self.groups if one is not group], mixed),
                _test_name(group.connection, databases[group.alias]),
            ):
                _create(group.connection, verbosity)
            close(group.connection)
            name_it(group, databases[group.alias])
        return bool(mixed)

    def _discard(self, names: dict[str, str]) -> None:
        for group in self.groups:
            name = names.get(group.alias)
            if name is not None:
                close(group.connection)
                group.engine.discard(name)
        names.clear()


def _create(connection: Any, verbosity: int) -> None:
    """Make a test database as Django does."""
    creation = connection.creation
    create = type(creation).create_test_db
    # Django 5.2 serializes what it made unless told otherwise; later, telling it is deprecated.
    serialize = inspect.signature(create).parameters.get("serialize")
    options = {"serialize": False} if serialize is not None and serialize.default is True else {}
    create(creation, verbosity=verbosity, autoclobber=True, keepdb=False, **options)


def close(connection: Any) -> None:
    """Close a connection and its pool, so that its database can be copied or dropped."""
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()


def name_it(group: Group, name: str) -> None:
    """Have all aliases of a database mean the one of that name."""
    for alias in group.aliases:
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@contextmanager
def _test_name(connection: Any, name: str) -> Iterator[None]:
    test = connection.settings_dict["TEST"]
    before, test["NAME"] = test["NAME"], name
    try:
        yield
    finally:
        test["NAME"] = before


@contextmanager
def _listening(groups: Sequence[Group], heard: list[str]) -> Iterator[None]:
    """Note the aliases of connections that a statement is sent through."""

    def listener(alias: str) -> Callable[..., Any]:
        def hear(execute: Any, sql: str, *rest: Any) -> Any:
            heard.append(alias)
            return execute(sql, *rest)

        return hear

    with ExitStack() as stack:
        for alias in (alias for group in groups for alias in group.aliases):
            stack.enter_context(connections[alias].execute_wrapper(listener(alias)))
        yield
