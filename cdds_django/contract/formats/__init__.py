"""A diff as text: each format is one function from a Diff to a string."""
