"""What a Python file consists of, read from its syntax tree alone."""
