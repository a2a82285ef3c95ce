"""Worker processes: what goes to which, what happens in them, and what becomes of their deaths."""
