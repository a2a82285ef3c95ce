"""Run the steps of a CI workflow on this machine.

`python .ci/rehearse WORKFLOW --repository DIR --at DIR --event push|pull_request --branch NAME`

The workflow is a file for GitHub Actions or GitLab. Its jobs run in clones of the repository's
branch, every `run` and `script` as it stands there. The rest has stand-ins: checkouts are clones,
caches and artefacts are directories below --at, which stay for the next event; packages aren't
installed, since this Python has them; services are servers that run already, named by --variable.
The comment on a pull request is a file in `comments`, the summary of all steps is `summary.md`.

Exit status 1 where a job failed. What a workflow needs and this doesn't know is an error.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import github
import gitlab
import yaml
from rehearsal import Rehearsal


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the steps of a CI workflow here.")
    parser.add_argument("workflow", type=Path)
    parser.add_argument("--repository", type=Path, required=True, metavar="DIR")
    parser.add_argument("--at", type=Path, required=True, metavar="DIR")
    parser.add_argument("--event", choices=("push", "pull_request"), default="push")
    parser.add_argument("--branch", default="main", metavar="NAME")
    parser.add_argument("--base", default="main", metavar="NAME", help="where changes go to")
    parser.add_argument("--job", metavar="NAME", help="the only job to run")
    parser.add_argument("--variable", action="append", default=[], metavar="NAME=VALUE")
    options = parser.parse_args()
    asked = Rehearsal(
        repository=options.repository.resolve(),
        at=options.at.resolve(),
        event=options.event,
        branch=options.branch,
        base=options.base,
        job=options.job,
        variables=dict(variable.split("=", 1) for variable in options.variable),
    )
    workflow = yaml.safe_load(options.workflow.read_text(encoding="utf-8"))
    system = github if "jobs" in workflow else gitlab
    return 0 if system.run(workflow, asked) else 1


if __name__ == "__main__":
    sys.exit(main())
