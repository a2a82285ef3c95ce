"""Templates of workflows fit any project. `.ci/test_workflows.py` shows that they work."""

from __future__ import annotations

import itertools
import re
import subprocess

import pytest
import yaml

from cdds_django.init.workflows import Fitting, rendered, system_of

FLAGS = ("postgres", "redis", "pip_cache", "api")


@pytest.mark.parametrize("name", ["github", "github-shards", "gitlab"])
def test_every_fitting(name):
    for values in itertools.product([True, False], repeat=len(FLAGS)):
        flags = dict(zip(FLAGS, values, strict=True))
        text = rendered(name, Fitting(branch="trunk", python="3.12", **flags))
        document = yaml.load(text, yaml.CSafeLoader)
        assert not re.search(r"^#(if|endif)|@[a-z]+@", text, re.MULTILINE)
        assert ("postgres:17" in text, "redis:7" in text) == values[:2]
        assert ("services:" in text) is any(values[:2])
        if name != "gitlab":
            assert ("cache: pip" in text) is flags["pip_cache"]
            assert "trunk" in str(document)
        if name != "github-shards":
            assert ("contract_diff" in text) is flags["api"]
        # A service or a variable that is empty would be null.
        assert None not in flat(document.get("jobs", document))


def flat(part):
    if isinstance(part, dict):
        for value in part.values():
            yield from flat(value)
    elif isinstance(part, list):
        for value in part:
            yield from flat(value)
    else:
        yield part


def test_a_project_in_a_directory():
    github = yaml.safe_load(rendered("github", Fitting(directory="back")))
    job = github["jobs"]["tests"]
    assert job["defaults"] == {"run": {"working-directory": "back"}}
    paths = [line for step in job["steps"] for line in step.get("with", {}).get("path", "").split()]
    assert paths
    assert all(path.startswith("back/") for path in paths)
    gitlab = yaml.safe_load(rendered("gitlab", Fitting(directory="back")))
    assert gitlab[".cdds"]["before_script"][0] == "cd back"
    assert gitlab[".cdds"]["artifacts"]["reports"]["junit"] == "back/junit.xml"
    assert gitlab["contract"]["artifacts"]["reports"]["junit"] == "back/contract.xml"


def test_actions_are_of_a_major_version():
    text = rendered("github", Fitting()) + rendered("github-shards", Fitting())
    uses = re.findall(r"uses: (\S+)", text)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"actions/[a-z/-]+@v\d+", use)] == []


def test_which_system(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    assert system_of(tmp_path) is None
    remote = ["git", "-C", str(tmp_path), "remote", "add", "origin"]
    subprocess.run([*remote, "git@gitlab.example.com:shop/shop.git"], check=True)
    assert system_of(tmp_path) == "gitlab"
    (tmp_path / ".github").mkdir()
    assert system_of(tmp_path) == "github"
    (tmp_path / ".gitlab-ci.yml").touch()
    assert system_of(tmp_path) == "gitlab"
