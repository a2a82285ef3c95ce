"""`python -m cdds_django COMMAND …`: our commands on a project that doesn't list the app.

The variable DJANGO_SETTINGS_MODULE names the settings, as `manage.py` would.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand

from cdds_django.management import commands


def main(arguments: Sequence[str]) -> int:
    """Run one of our commands; return its exit status."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    if len(arguments) < 2 or arguments[1] not in names:
        print(f"Usage: python -m cdds_django {{{','.join(names)}}} …", file=sys.stderr)
        return 2
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(f"{error} Set DJANGO_SETTINGS_MODULE as manage.py does.", file=sys.stderr)
        return 2
    module = importlib.import_module(f"{commands.__name__}.{arguments[1]}")
    command: BaseCommand = module.Command()
    # It ends the process itself where it fails.
    command.run_from_argv(["python -m cdds_django", *arguments[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
