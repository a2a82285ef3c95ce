"""What MD5 for passwords saves: `python -m benchmarks.fast_hasher [ROUNDS]`.

The example project's tests of accounts, with FAST_HASHER and without, by turns, in one process.
"""

import sys
from collections import defaultdict

from benchmarks.measuring import Cost, conditions, project, table

SETTINGS = """
from example_project.settings import *

CDDS = {**CDDS, "FAST_HASHER": False}
"""
SUITE = ("test", "example_project.accounts", "--noinput", "--no-record", "--parallel", "1")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    costs: dict[str, list[Cost]] = defaultdict(list)
    with project() as copy:
        (copy.path / "own_hashers.py").write_text(SETTINGS, encoding="utf-8")
        copy.manage(*SUITE)  # Compiles Python files and makes the database.
        for _ in range(rounds):
            costs["the project's hasher"].append(copy.manage(*SUITE, "--settings", "own_hashers"))
            costs["MD5"].append(copy.manage(*SUITE))
    print(f"{conditions()}, {rounds} rounds\n")
    print("\n".join(table(costs, base="the project's hasher")))


if __name__ == "__main__":
    main()
