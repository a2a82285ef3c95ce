"""The list of all kinds of dependency, besides the project's own code (`impact/code/state.py`)."""

from __future__ import annotations

from cdds_django.impact.sources.base import Source
from cdds_django.impact.sources.caches import Caches
from cdds_django.impact.sources.environment import Environment
from cdds_django.impact.sources.existence import Existence
from cdds_django.impact.sources.files import Files, Listings
from cdds_django.impact.sources.operations import Operations
from cdds_django.impact.sources.paths import Paths
from cdds_django.impact.sources.processes import Processes
from cdds_django.impact.sources.reversals import Reversals
from cdds_django.impact.sources.routes import Routes
from cdds_django.impact.sources.settings import Settings
from cdds_django.impact.sources.tables import Tables
from cdds_django.impact.sources.templates import Templates
from cdds_django.impact.sources.upstream_operations import UpstreamCallers, UpstreamOperations
from cdds_django.impact.sources.uses import Uses
from cdds_django.impact.sources.variables import Variables

SOURCES: tuple[Source, ...] = (
    Environment(),
    Settings(),
    Files(),
    Listings(),
    Existence(),
    Variables(),
    Processes(),
    Templates(),
    Caches(),
    Tables(),
    Routes(),
    Paths(),
    Reversals(),
    Uses(),
    Operations(),
    UpstreamOperations(),
    UpstreamCallers(),
)
