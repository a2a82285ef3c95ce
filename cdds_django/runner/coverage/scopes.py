"""Telling a measurement whose lines come next."""

from __future__ import annotations

import re
import sys

from cdds_django.runner.coverage import owners
from cdds_django.runner.coverage.measuring import Measurement
from cdds_django.runner.running.suites import Part

_FIXTURE = re.compile(r"(?:setUp|tearDown)(Module|Class) \((.+)\)")


class Scopes(Part):
    """Has lines belong to the class, or the module's fixtures, that run."""

    def __init__(self, measurement: Measurement) -> None:
        self._measurement = measurement

    def running(self, what: str) -> None:
        fixture = _FIXTURE.fullmatch(what)
        if not what:
            self._measurement.enter(owners.ELSE)
        elif fixture is None:
            self._measurement.enter(owners.class_of(what))
        elif fixture[1] == "Class":
            self._measurement.enter(owners.of_class(fixture[2]))
        else:
            module = sys.modules.get(fixture[2])
            if hasattr(module, "setUpModule") or hasattr(module, "tearDownModule"):
                self._measurement.enter(owners.module_fixtures(fixture[2]))
