"""What libraries do with settings that they keep, where that is known.

A setting that a library reads once and keeps could concern any test. For these it is known which
tests can tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdds_django.impact.graph.registrars import REQUESTS, TEMPLATES


@dataclass(frozen=True, kw_only=True)
class SettingUse:
    """Whom a setting concerns."""

    groups: frozenset[str] = frozenset()
    """Tests that did something of this sort."""
    packages: tuple[str, ...] = ()
    """Who mentions anything of these, and all that follows from there."""
    views_of: tuple[str, ...] = ()
    """Tests that resolved a URL to a view of these packages."""
    packages_of_classes: tuple[str, ...] | None = None
    """The same where only a class that the setting names changed, if that is less; then the groups
    don't count."""
    every_view: bool = False
    """Tests that asked something of all views, as for a schema."""

    def of_classes(self) -> SettingUse:
        """Return whom a class concerns that the setting names."""
        if self.packages_of_classes is None:
            return self
        return replace(self, packages=self.packages_of_classes, groups=frozenset())


SETTINGS_IN_USE = {
    "REST_FRAMEWORK": SettingUse(
        groups=frozenset({REQUESTS}),
        packages=("rest_framework",),
        # Serializers take plain values from it, no classes.
        packages_of_classes=tuple(
            f"rest_framework.{name}"
            for name in ("decorators", "generics", "mixins", "views", "viewsets")
        ),
        views_of=("rest_framework",),
        every_view=True,
    ),
    "SPECTACULAR_SETTINGS": SettingUse(
        packages=("drf_spectacular",), views_of=("drf_spectacular",), every_view=True
    ),
    "TEMPLATES": SettingUse(groups=frozenset({TEMPLATES})),
}
