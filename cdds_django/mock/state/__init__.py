"""What a batch remembers, and how a contract says that it should."""
