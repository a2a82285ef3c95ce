"""`python -m cdds_django`."""

from __future__ import annotations

import os
import subprocess
import sys


def test_commands_without_the_app(make_project):
    project = make_project({})

    def main(*arguments, settings="settings"):
        environment = {**project.environment(), "DJANGO_SETTINGS_MODULE": settings}
        return subprocess.run(
            [sys.executable, "-m", "cdds_django", *arguments],
            cwd=project.path,
            env={k: v for k, v in environment.items() if v},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    refused = main("delta_merge", "nowhere")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "CommandError: nowhere doesn't exist." in refused.stderr
    unknown = main("nonsense")
    assert unknown.returncode == 2
    assert "delta_merge" in unknown.stderr
    unset = main("delta_merge", settings="")
    assert unset.returncode == 2
    assert unset.stderr.endswith("Set DJANGO_SETTINGS_MODULE as manage.py does.\n")
    assert not os.path.exists(project.path / ".cdds")
