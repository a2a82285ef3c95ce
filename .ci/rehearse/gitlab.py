"""A GitLab pipeline on this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import shell
import stores
from rehearsal import Rehearsal

Values = Mapping[str, Any]
_RULE = re.compile(r'^\$(\w+) == (?:"([^"]*)"|\$(\w+))$')


def run(pipeline: Values, asked: Rehearsal) -> bool:
    """Run the jobs whose rules hold; return whether all went well."""
    variables = {
        "CI_PIPELINE_SOURCE": "merge_request_event" if asked.is_change else "push",
        "CI_COMMIT_BRANCH": "" if asked.is_change else asked.branch,
        "CI_DEFAULT_BRANCH": asked.base,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": asked.base if asked.is_change else "",
        "CI_MERGE_REQUEST_IID": "1" if asked.is_change else "",
        "CI_API_V4_URL": "https://gitlab.invalid/api/v4",
        "CI_PROJECT_ID": "1",
        "REHEARSED_COMMENTS": str(asked.at / "comments"),
    }
    went_well = True
    for name in pipeline:
        job = _extended(pipeline, name)
        is_wanted = asked.job in (None, name) and not name.startswith(".")
        if is_wanted and any(_holds(rule["if"], variables) for rule in job["rules"]):
            went_well &= _job(name, job, variables, asked)
    return went_well


def _job(name: str, job: Values, variables: Mapping[str, str], asked: Rehearsal) -> bool:
    print(f"[{name}]", flush=True)
    work = asked.at / "work" / f"{asked.run}-{name.replace(':', '-')}"
    shell.clone(asked.repository, asked.branch, work)
    cache, policy = job["cache"], job["cache"].get("policy", "pull-push")
    key = re.sub(r"\$(\w+)", lambda found: variables[found[1]], cache["key"])
    found = stores.find(asked.caches, key, ())
    if found is not None:
        stores.restore(found, work)
    lines = [*job.get("before_script", []), *job["script"]]
    status = shell.run(
        "\n".join(["set -o pipefail", *lines]),
        directory=work,
        variables={**job.get("variables", {}), **variables, **asked.variables},
        options="e",
    )
    print(f"[{name}] {'failed' if status else 'ok'}", flush=True)
    if "push" in policy:
        stores.copy(work, cache["paths"], asked.caches / key)
    told = job["artifacts"]
    target = asked.artefacts / name.replace(":", "-")
    reports = [told["reports"]["junit"]]
    reports += [report["path"] for kind, report in told["reports"].items() if kind != "junit"]
    stores.copy(work, [*told["paths"], *reports], target)
    return status == 0


def _extended(pipeline: Values, name: str) -> dict[str, Any]:
    """Return a job with what it extends: dicts are merged, everything else is replaced."""
    job = dict(pipeline[name])
    parent = job.pop("extends", None)
    return job if parent is None else _merged(_extended(pipeline, parent), job)


def _merged(base: Values, more: Values) -> dict[str, Any]:
    merged = {**base, **more}
    for key in base.keys() & more.keys():
        if isinstance(base[key], dict) and isinstance(more[key], dict):
            merged[key] = _merged(base[key], more[key])
    return merged


def _holds(condition: str, variables: Mapping[str, str]) -> bool:
    found = _RULE.match(condition)
    if found is None:
        raise ValueError(f"Can't read the rule {condition!r}.")
    name, text, other = found.groups()
    return variables[name] == (variables[other] if other else text)
