"""A GitHub Actions workflow on this machine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import shell
import stores
from expressions import filled, holds
from rehearsal import Rehearsal

Values = Mapping[str, Any]


def run(workflow: Values, asked: Rehearsal) -> bool:
    """Run the jobs in their order; return whether all went well."""
    names = {
        "github.event_name": asked.event,
        "github.ref": f"refs/heads/{asked.branch}",
        "github.ref_name": "1/merge" if asked.is_change else asked.branch,
        "github.base_ref": asked.base if asked.is_change else "",
        "github.sha": asked.sha,
        "github.run_id": asked.run,
        "github.run_attempt": "1",
        "github.repository": "x/y",
        "github.token": "none",
        "github.event.pull_request.number": "1",
        "github.event.pull_request.head.repo.full_name": "x/y",
        "always()": True,
    }
    went_well = True
    for name, job in workflow["jobs"].items():
        if asked.job not in (None, name):
            continue
        names["success()"] = went_well
        if not holds(job.get("if", "success()"), names):
            continue
        for matrix in _combinations(job):
            shown = f"{name} {' '.join(matrix.values())}".strip()
            told = {**names, **{f"matrix.{key}": value for key, value in matrix.items()}}
            went_well &= _Job(shown, job, workflow.get("env", {}), told, asked).run()
    return went_well


def _combinations(job: Values) -> Iterator[dict[str, str]]:
    matrix = job.get("strategy", {}).get("matrix", {})
    for values in itertools.product(*matrix.values()):
        yield dict(zip(matrix, map(str, values), strict=True))


class _Job:
    def __init__(
        self, name: str, job: Values, variables: Values, names: Values, asked: Rehearsal
    ) -> None:
        self._name = name
        self._job = job
        self._names = {**names, "success()": True, "failure()": False}
        self._asked = asked
        self._work = asked.at / "work" / f"{asked.run} {name}".replace(" ", "-")
        self._variables = {**variables, **job.get("env", {})}
        self._actions: Mapping[str, Callable[[Values], None]] = {
            "actions/checkout": self._checkout,
            "actions/setup-python": lambda inputs: None,
            "actions/cache/restore": self._restore,
            "actions/cache/save": self._save,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
        }

    def run(self) -> bool:
        for step in self._job["steps"]:
            shown = step.get("name") or step.get("uses") or step["run"]
            if not holds(step.get("if", "success()"), self._names):
                print(f"[{self._name}] left out: {shown}", flush=True)
                continue
            print(f"[{self._name}] {shown}", flush=True)
            if "uses" in step:
                action, _, _ = step["uses"].partition("@")
                inputs = {key: self._filled(value) for key, value in step.get("with", {}).items()}
                self._actions[action](inputs)
            elif self._shell(step):
                print(f"[{self._name}] failed: {shown}", flush=True)
                self._names["success()"], self._names["failure()"] = False, True
        return bool(self._names["success()"])

    def _filled(self, value: object) -> str:
        return filled(value, self._names)

    def _shell(self, step: Values) -> int:
        inside = self._job.get("defaults", {}).get("run", {}).get("working-directory", ".")
        summary = self._asked.at / "summary.md"
        variables = {**self._variables, **step.get("env", {})}
        return shell.run(
            self._filled(step["run"]),
            directory=self._work / step.get("working-directory", inside),
            variables={
                **{name: self._filled(value) for name, value in variables.items()},
                "GITHUB_ACTIONS": "true",
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_BASE_REF": self._names["github.base_ref"],
                "REHEARSED_COMMENTS": str(self._asked.at / "comments"),
                **self._asked.variables,
            },
            options="e",
        )

    def _checkout(self, inputs: Values) -> None:
        shell.clone(self._asked.repository, self._asked.branch, self._work)

    def _restore(self, inputs: Values) -> None:
        prefixes = str(inputs.get("restore-keys", "")).split()
        cache = stores.find(self._asked.caches, inputs["key"], prefixes)
        print(f"  {cache.name if cache else 'nothing found'}", flush=True)
        if cache is not None:
            stores.restore(cache, self._work)

    def _save(self, inputs: Values) -> None:
        cache = self._asked.caches / inputs["key"]
        stores.copy(self._work, inputs["path"].splitlines(), cache)

    def _upload(self, inputs: Values) -> None:
        target = self._asked.artefacts / inputs["name"]
        paths = inputs["path"].splitlines()
        count = stores.copy(self._work, paths, target)
        if not count and inputs.get("if-no-files-found") != "ignore":
            raise ValueError(f"There is nothing at {paths}.")

    def _download(self, inputs: Values) -> None:
        # GitHub takes the directory that all files of an artefact are in for its root.
        for artefact in sorted(self._asked.artefacts.glob(inputs["pattern"])):
            stores.restore(artefact / inputs["path"], self._work / inputs["path"])
