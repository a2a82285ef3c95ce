"""What an operation answers, by what it is: one of a collection, or on its own."""
