"""Code that goes through all that Django knows: all models, all URL patterns, all of the admin.

A test that every model has an ordering, or that every view asks for a permission, names none of
them. It concerns whatever changes one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Symbol
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.registrars import ADMIN
from cdds_django.impact.graph.sites import IN_FUNCTIONS, Sites
from cdds_django.impact.records import EVERY_VIEW

_PATTERNS = (
    *("django.urls.get_resolver", "django.urls.resolvers", "django.urls.URLPattern"),
    *("django.urls.URLResolver", "rest_framework.schemas"),
)
_MODELS = ("django.apps.apps.get_models", "django.apps.apps.all_models")
_MODELS_OF_AN_APP = ("django.apps.apps.get_app_config", "django.apps.apps.app_configs")
"""Asked for other things as well, so tests' own use alone counts."""
_ADMIN = ("django.contrib.admin.site", "django.contrib.admin.sites")


class Registries:
    """Finds the code that goes through everything."""

    def __init__(self, sites: Sites, facts: Facts) -> None:
        self._sites = sites
        self._modules = sites.modules
        self._facts = facts

    def follow(self, reached: Reached) -> None:
        """Add to what was reached the code that sees it by going through everything."""
        first = next(iter(reached.symbols.values()), None) or reached.stand_ins.get(EVERY_VIEW)
        if first is not None:
            # A view holds whatever it was made of.
            self._add(("django.urls", "rest_framework.schemas"), _PATTERNS, first, reached)
        if (admin := reached.groups.get(ADMIN)) is not None:
            self._add(("django.contrib.admin",), _ADMIN, admin, reached)
        if (model := self._model(reached)) is not None:
            self._add(("django.apps.apps",), _MODELS, model, reached)
            self._add(("django.apps.apps",), _MODELS_OF_AN_APP, model, reached, in_tests_only=True)

    def _model(self, reached: Reached) -> Cause | None:
        models = set(self._facts.models.values())
        causes = (c for s, c in reached.symbols.items() if s in models or self._derives(s))
        return next(causes, None) or next(iter(reached.described.values()), None)

    def _derives(self, symbol: Symbol) -> bool:
        return any(
            name.startswith("django.db.models.")
            for head in self._modules.heads(symbol)
            for base in head.bases
            for name in self._modules.external(symbol.path, base)
        )

    def _add(
        self,
        packages: tuple[str, ...],
        names: tuple[str, ...],
        cause: Cause,
        reached: Reached,
        *,
        in_tests_only: bool = False,
    ) -> None:
        paths = {
            path
            for package in packages
            for path in self._importers(package, names)
            if not in_tests_only or path in self._facts.test_files
        }
        for path in sorted(paths):
            for site, mention in self._sites.in_module(path):
                if not any(
                    name.startswith(names) for name in self._modules.external(path, mention)
                ):
                    continue
                if site.kind in IN_FUNCTIONS:
                    key = f"{path}::{site.key}"
                    reached.functions.setdefault(key, cause.through(key))
                elif path in self._facts.test_files:
                    reached.modules.setdefault(path, cause.through(path))

    def _importers(self, package: str, names: tuple[str, ...]) -> Iterator[str]:
        """Yield the files that import one of some names, or a package that has it as a whole."""
        if package != "django.urls":  # Which nearly all import for something else.
            yield from self._modules.importers_of(package)
        for name in names:
            yield from self._modules.importers_of(name)
