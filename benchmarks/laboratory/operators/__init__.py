"""Operators: each finds the places of one kind in a file and says how they can be edited."""
