"""The kinds of dependency, one module each: how it is recorded and how it is fingerprinted."""
