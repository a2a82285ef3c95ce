"""Running a suite, and what happens around each test of it."""
