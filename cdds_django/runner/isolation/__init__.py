"""Keeping workers apart in what isn't a database."""
