"""The project's own code: its files, what they consist of, and what their state is."""
