"""How often the diff agrees with oasdiff: `python -m benchmarks.contract_corpus CORPUS [-v]`.

CORPUS is a JSON file of pairs of documents, each with the changes that oasdiff reports:
`{"pairs": [{"pair", "base", "revision", "breaking", "changes": [{"id", "level"}]}]}`.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of


def main(path: str, verbose: bool) -> None:
    """Print recall and precision of "breaking", and how many ids are reported under the same."""
    pairs = json.loads(Path(path).read_text(encoding="utf-8"))["pairs"]
    verdicts: Counter[tuple[bool, bool]] = Counter()
    expected: set[str] = set()
    shared: set[str] = set()
    for pair in pairs:
        found = diff(snapshot_of(pair["base"]), snapshot_of(pair["revision"]))
        verdicts[pair["breaking"], found.breaking] += 1
        theirs = {change["id"] for change in pair["changes"]}
        ours = {change.id for change in found.changes}
        expected |= theirs
        shared |= theirs & ours
        if verbose and (theirs - ours or pair["breaking"] != found.breaking):
            print(pair["pair"], "theirs alone:", *sorted(theirs - ours), "| ours:", *sorted(ours))
    right, missed, wrong = verdicts[True, True], verdicts[True, False], verdicts[False, True]
    print(f"{len(pairs)} pairs: recall {right / (right + missed):.3f} ({missed} missed),")
    print(f"precision {right / (right + wrong):.3f} ({wrong} wrong);")
    print(f"{len(shared)} of {len(expected)} ids reported under the same id")


if __name__ == "__main__":
    main(sys.argv[1], "-v" in sys.argv)
