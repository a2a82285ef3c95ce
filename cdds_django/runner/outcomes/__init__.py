"""What came of a run: events, results, and the whole that reports show."""
