"""Schemas of a document as one side sees them: converted, folded, compiled."""
