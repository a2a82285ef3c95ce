"""A ticket-selling API: the demo project of cdds_django, and a fixture of its tests."""
