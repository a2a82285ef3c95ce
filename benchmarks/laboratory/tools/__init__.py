"""Tools that select tests, each with a way to record and a way to select."""
