"""Coverage: measured in all processes, kept by class, carried over for tests that are left out."""

FILE_NAME = "coverage.sqlite"
"""What earlier runs covered, in the state directory."""
