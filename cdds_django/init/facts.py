"""What has to be known of a project before anything is written to it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.errors import ConfigurationError

RUNNER = "cdds_django.runner.DeltaDiscoverRunner"
_DJANGOS_RUNNER = "django.test.runner.DiscoverRunner"

# Runs in the project's own process, so that nothing of it stays in ours. Settings are allowed to
# print what they like; ours is the last line.
_PROGRAM = """
import json, os, sys
sys.path.insert(0, os.getcwd())  # As for manage.py, also with PYTHONSAFEPATH.
import django
from django.conf import settings
django.setup()
from django.core.management import call_command
if sys.argv[1] == "check":
    call_command("check")
module = sys.modules[settings.SETTINGS_MODULE]
told = [getattr(settings, name, None) for name in
        ("CACHES", "CHANNEL_LAYERS", "CELERY_BROKER_URL", "RQ_QUEUES", "HUEY", "Q_CLUSTER")]
print()
print(json.dumps({
    "file": module.__file__,
    "apps": list(settings.INSTALLED_APPS),
    "names_apps": hasattr(module, "INSTALLED_APPS"),
    "test_runner": settings.TEST_RUNNER,
    "engines": [database.get("ENGINE", "") for database in settings.DATABASES.values()],
    "redis": "redis" in repr(told).lower(),
    "snapshot": str(getattr(settings, "CDDS", {}).get("SNAPSHOT", ".contract-snapshot.json")),
}))
"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A project as its settings describe it."""

    root: Path
    """Where `manage.py` is, and commands are run."""
    settings_module: str
    settings_file: Path
    apps: tuple[str, ...]
    names_apps: bool
    """Whether INSTALLED_APPS is a name of the module, from wherever it has it."""
    test_runner: str
    engines: tuple[str, ...]
    uses_redis: bool
    snapshot: Path

    @property
    def has_app(self) -> bool:
        return any(app.split(".")[0] == "cdds_django" for app in self.apps)

    @property
    def has_runner(self) -> bool:
        return self.test_runner == RUNNER

    @property
    def has_own_runner(self) -> bool:
        """Whether the project's tests have a runner that is neither Django's nor ours."""
        return self.test_runner not in (RUNNER, _DJANGOS_RUNNER)

    @property
    def has_api(self) -> bool:
        """Whether there is a contract to take a snapshot of."""
        return "rest_framework" in self.apps

    @property
    def uses_postgres(self) -> bool:
        return any("postgres" in engine or "postgis" in engine for engine in self.engines)

    @property
    def checkout(self) -> Path:
        """Where files of a CI system belong: the nearest directory that holds `.git`."""
        for directory in (self.root, *self.root.parents):
            if (directory / ".git").exists():
                return directory
        return self.root


def find(start: Path, settings_module: str | None) -> Facts:
    """Return what is known of the project in `start` or right below it. Raises ConfigurationError.

    `settings_module` is what the user named, if anything.
    """
    root = project_root(start)
    module = settings_module or os.environ.get("DJANGO_SETTINGS_MODULE") or _of_manage(root)
    return ask(root, module)


def project_root(start: Path) -> Path:
    """Return the directory of `manage.py`. Raises ConfigurationError."""
    if (start / "manage.py").is_file():
        return start.resolve()
    found = sorted(start.glob("*/manage.py"))
    if len(found) == 1:
        return found[0].parent.resolve()
    what = "There is no manage.py" if not found else f"There are {len(found)} projects"
    raise ConfigurationError(
        f"{what} in {start.resolve()}. Start this in the directory that holds your manage.py."
    )


def ask(root: Path, settings_module: str, *, check: bool = False) -> Facts:
    """Load the settings in a process of their own, and make Django's checks if that is wanted.

    Raises ConfigurationError, with what that process said, where it fails.
    """
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "check" if check else "load"],
        cwd=root,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings_module},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        lines = result.stderr.strip().splitlines()
        raise ConfigurationError(
            f"Django can't be started with the settings {settings_module}:\n"
            + "\n".join(f"  {line}" for line in lines[-12:])
            + "\nPut that right (packages, variables of the environment), or name other settings "
            "with --settings."
        )
    told: dict[str, Any] = json.loads(result.stdout.strip().splitlines()[-1])
    return Facts(
        root=root,
        settings_module=settings_module,
        settings_file=Path(told["file"]),
        apps=tuple(told["apps"]),
        names_apps=told["names_apps"],
        test_runner=told["test_runner"],
        engines=tuple(told["engines"]),
        uses_redis=told["redis"],
        snapshot=root / told["snapshot"],
    )


def _of_manage(root: Path) -> str:
    """Return the settings that `manage.py` names. Raises ConfigurationError."""
    path = root / "manage.py"
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise ConfigurationError(f"Can't read {path}: {error}.") from error
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            values = node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            values = [node.targets[0].slice, node.value]
        match values:
            case [ast.Constant(value="DJANGO_SETTINGS_MODULE"), ast.Constant(value=str(name))]:
                return name
    raise ConfigurationError(
        f"{path} doesn't say which settings it uses. Name them: "
        "python -m cdds_django.init --settings your.settings"
    )
