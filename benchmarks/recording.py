"""What recording costs: the same full run without it, with a map at hand, and with none.

python -m benchmarks.recording [ROUNDS]
"""

import sys
from collections import defaultdict

from benchmarks.measuring import Cost, Project, conditions, project, table

WITHOUT = "`--no-record`"


def no_record(copy: Project) -> Cost:
    return full_run(copy, "--no-record")


def on_map(copy: Project) -> Cost:
    return full_run(copy)


def first(copy: Project) -> Cost:
    copy.forget()
    return full_run(copy)


def full_run(copy: Project, *options: str) -> Cost:
    # A fixed number of workers: "auto" may start fewer once durations are known. And no report:
    # runs that write one compare the contract, and those that record remember what they found.
    return copy.manage("test", "example_project", "--noinput", "--parallel", "2", *options)


SIDES = {WITHOUT: no_record, "recording, map at hand": on_map, "first recording": first}


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    costs: dict[str, list[Cost]] = defaultdict(list)
    with project() as copy:
        copy.test()
        for number in range(rounds):
            # Who comes first changes, so that a machine that warms up favours nobody.
            order = [*SIDES][number % 3 :] + [*SIDES][: number % 3]
            for name in order:
                costs[name].append(SIDES[name](copy))
    print(f"{conditions()}, {rounds} rounds\n")
    print("\n".join(table({name: costs[name] for name in SIDES}, base=WITHOUT)))


if __name__ == "__main__":
    main()
