"""Check an installed cdds_django from outside of the checkout: files, commands, a check."""

import importlib.metadata
import subprocess
import sys

WANTED = (
    "cdds_django/py.typed",
    "cdds_django/management/commands/contract_snapshot.py",
    "cdds_django/management/commands/contract_diff.py",
    "cdds_django/init/templates/github.yml",
    "cdds_django/mock/server/page.html",
    "cdds_django/runner/reports/html/scripts/main.js",
    "cdds_django/runner/reports/html/styles/base.css",
    "cdds_django/runner/reports/html/templates/page.html",
    "cdds_django/runner/reports/report.schema.json",
)


def main() -> int:
    files = {str(file) for file in importlib.metadata.files("cdds-django") or ()}
    missing = [name for name in WANTED if name not in files]
    foreign = sorted(name for name in files if name.startswith(("tests/", "example_project/")))
    if missing or foreign:
        print(f"missing from the wheel: {missing}; not for users: {foreign}", file=sys.stderr)
        return 1
    settings = "SECRET_KEY='x', INSTALLED_APPS=['cdds_django'], CDDS={'DELTA': True}"
    program = (
        f"from django.conf import settings; settings.configure({settings}); "
        "from django.core.management import execute_from_command_line as run; "
        "run(['django', 'check'])"
    )
    return subprocess.run([sys.executable, "-c", program], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
