"""Tests whose outcome varies: tried again, repeated, and traced to what they run after."""
