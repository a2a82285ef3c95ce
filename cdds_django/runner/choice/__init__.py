"""Which tests are there, and which of them run."""
