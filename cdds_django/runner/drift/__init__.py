"""Whether the code's contract is the committed one, told at the end of a run."""
