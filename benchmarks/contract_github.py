"""What a diff of a big document costs: `python -m benchmarks.contract_github DOCUMENT`.

DOCUMENT is GitHub's own OpenAPI document (`generated/api.github.com.json` of the npm package
`@octokit/openapi`). It is compared with a copy that has seven edits, through the command, as users
run it. Which operations the edits reach is counted in another way, by following names.
"""

import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SHARED = "#/components/schemas/simple-user"


def edited(document: dict) -> tuple[dict, set[str]]:
    """Return a copy with seven edits, and the operations that they reach."""
    reached = {label for label, names in _closures(document).items() if SHARED in names}
    head = copy.deepcopy(document)
    schemas, paths = head["components"]["schemas"], head["paths"]
    # 1. A property of a component that many operations share.
    del schemas["simple-user"]["properties"]["gravatar_id"]
    schemas["simple-user"]["required"].remove("gravatar_id")
    # 2. An operation.
    del paths["/emojis"]["get"]
    # 3. A parameter that becomes required.
    featured = next(p for p in paths["/licenses"]["get"]["parameters"] if p.get("name"))
    featured["required"] = True
    # 4. A bound in a body.
    body = paths["/markdown"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["properties"]["text"]["maxLength"] = 1000
    # 5. A new property of a response.
    created = paths["/gists"]["post"]["responses"]["201"]["content"]["application/json"]
    created["schema"] = {"allOf": [created["schema"], {"properties": {"mood": {"type": "string"}}}]}
    # 6. and 7. Words, and a component's name, which mean nothing to clients.
    paths["/zen"]["get"]["description"] = "Wisdom."
    text = json.dumps(head).replace("/schemas/basic-error", "/schemas/plain-error")
    head = json.loads(text)
    head["components"]["schemas"]["plain-error"] = head["components"]["schemas"].pop("basic-error")
    own = {"GET /emojis", "GET /licenses", "POST /markdown", "POST /gists"}
    return head, reached | own


def _closures(document: dict) -> dict[str, set[str]]:
    """Return every reference that each operation reaches."""
    direct: dict[str, set[str]] = {}
    found = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                pending = _references([item[method], item.get("parameters", [])])
                names: set[str] = set()
                while pending:
                    name = pending.pop()
                    if name in names:
                        continue
                    names.add(name)
                    if name not in direct:
                        target = document
                        for part in name.removeprefix("#/").split("/"):
                            target = target[part.replace("~1", "/")]
                        direct[name] = _references(target)
                    pending |= direct[name]
                found[f"{method.upper()} {path}"] = names
    return found


def _references(node: object) -> set[str]:
    if isinstance(node, list):
        return {name for item in node for name in _references(item)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own | {name for value in node.values() for name in _references(value)}


def main(path: str) -> None:
    """Print cost and result."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    head, expected = edited(document)
    with tempfile.TemporaryDirectory() as directory:
        files = [Path(directory, name) for name in ("old.json", "new.json")]
        for file, content in zip(files, (document, head), strict=True):
            file.write_text(json.dumps(content), encoding="utf-8")
        # Nothing of a project is needed for two files, so none is loaded.
        Path(directory, "bare.py").write_text("INSTALLED_APPS = ['cdds_django']\n")
        command = [sys.executable, "-m", "django", "contract_diff", *map(str, files)]
        command += ["--format", "json", "--fail-on", "none"]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bare",
            "PYTHONPATH": os.pathsep.join([directory, str(Path(__file__).parents[1])]),
        }
        result = subprocess.run(command, env=environment, capture_output=True, check=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = json.loads(result.stdout)
    ids = {
        item[method].get("operationId"): f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }
    affected = {ids[name] for name in found["operations"]["affected"]}
    print(f"{used.ru_utime + used.ru_stime:.2f} CPU s, {used.ru_maxrss / 1024:.0f} MB")
    more = len(affected - expected)
    print(f"{len(affected & expected)} of {len(expected)} operations, {more} more")
    for cause in found["causes"]:
        print(f"{cause['level']:8} {len(cause['operations']):4} operations  {cause['text']}")


if __name__ == "__main__":
    main(sys.argv[1])
