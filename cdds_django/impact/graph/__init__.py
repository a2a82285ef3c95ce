"""Who depends on what takes effect at import: the graph of definitions and what mentions them."""
