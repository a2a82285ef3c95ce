"""Seeing what runs in one process while tests run."""
