"""From what changed to the tests that it may affect, with reasons."""
