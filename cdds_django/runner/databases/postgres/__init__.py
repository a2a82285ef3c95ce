"""Templates and forks on PostgreSQL, and on any backend that derives from Django's for it."""
