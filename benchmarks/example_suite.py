"""The example project's suite: Django's runner against ours, by turns, outcomes compared.

python -m benchmarks.example_suite [ROUNDS]
"""

import json
import os
import sys
from collections import defaultdict
from statistics import median

from benchmarks.measuring import BenchmarkError, Cost, Project, conditions, project, table

STOCK = "stock `manage.py test`"


def measure(copy: Project, costs: dict[str, list[Cost]]) -> str:
    """Run each side once, and say what the selection was. Raises BenchmarkError."""
    outcomes = copy.path / "outcomes.json"
    os.environ["OUTCOMES"] = str(outcomes)
    stock = ("test", "example_project", "--noinput", "--testrunner", "stock_runner.OutcomeRunner")
    costs[STOCK].append(copy.manage(*stock))
    expected = json.loads(outcomes.read_text(encoding="utf-8"))

    cost, report = copy.test()
    costs["ours, full run"].append(cost)
    compare(expected, report)

    copy.edit()
    cost, report = copy.test("--delta")
    costs["ours, `--delta` after one edit"].append(cost)
    compare(expected, report)
    selected = f"{report['selected']} of {report['discovered']} tests selected after the edit"
    if report["full_run_reason"] or not 0 < report["selected"] < report["discovered"]:
        raise BenchmarkError(f"{selected}: {report['full_run_reason']}")

    cost, report = copy.test("--delta")
    costs["ours, `--delta`, nothing changed"].append(cost)
    if report["selected"]:
        raise BenchmarkError(f"{report['selected']} tests selected where nothing changed")

    costs["`manage.py check`"].append(copy.manage("check"))
    return selected


def compare(expected: dict[str, str], report: dict) -> None:
    """Raise BenchmarkError unless tests that ran ended as under Django's runner."""
    if {test["id"] for test in report["tests"]} != expected.keys():
        raise BenchmarkError("The two runners discovered different tests.")
    wrong = [
        f"{test['id']}: {expected[test['id']]} and {test['outcome']}"
        for test in report["tests"]
        if test["outcome"] not in ("not_selected", expected[test["id"]])
    ]
    if wrong:
        raise BenchmarkError("Outcomes differ:\n" + "\n".join(wrong))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    costs: dict[str, list[Cost]] = defaultdict(list)
    with project() as copy:
        copy.test()  # Compiles Python files and makes the first map, for neither side's account.
        for _ in range(rounds):
            selected = measure(copy, costs)
    print(f"{conditions()}, {rounds} rounds\n")
    print("\n".join(table(costs, base=STOCK)))
    nothing, check = costs["ours, `--delta`, nothing changed"], costs["`manage.py check`"]
    ratio = median(a.cpu_s / b.cpu_s for a, b in zip(nothing, check, strict=True))
    print(f"\n{selected}; outcomes the same, test by test.")
    print(f"Nothing changed against `manage.py check`: {ratio:.2f}x CPU.")


if __name__ == "__main__":
    main()
