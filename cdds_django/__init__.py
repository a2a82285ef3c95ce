"""Contract-Driven Delta Snapshotting: run only the tests a change can affect."""

__version__ = "0.1.0"
