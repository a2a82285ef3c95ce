"""Sum test runs up: JUnit XML files of pytest and JSON reports of our runner.

Usage: totals.py [--no-skips] FILE...; the last line printed is "N passed, N failed". Exit status 1
where a test failed, where there was no test at all, or, with --no-skips, where one was skipped.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

PASSED = {"passed", "expected_failure"}
FAILED = {"failed", "error", "unexpected_success"}


def outcomes(path: Path) -> Counter[str]:
    """Return how many tests of a file passed, failed and were skipped."""
    if path.suffix == ".json":
        told = json.loads(path.read_text(encoding="utf-8"))
        return Counter(kind(test["outcome"]) for test in told["tests"])
    found: Counter[str] = Counter()
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        found["failed"] += failed
        found["skipped"] += skipped
        found["passed"] += int(suite.get("tests", 0)) - failed - skipped
    return found


def kind(outcome: str) -> str:
    if outcome in PASSED:
        return "passed"
    return "failed" if outcome in FAILED else "skipped"


def main() -> int:
    arguments = sys.argv[1:]
    no_skips = arguments[:1] == ["--no-skips"]
    total: Counter[str] = Counter()
    for path in map(Path, arguments[no_skips:]):
        if path.exists():
            found = outcomes(path)
            total += found
            print(
                f"{path.stem}: {found['passed']} passed, {found['failed']} failed, "
                f"{found['skipped']} skipped"
            )
    print(f"{total['passed']} passed, {total['failed']} failed")
    wrong = total["failed"] or not total["passed"] or (no_skips and total["skipped"])
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
