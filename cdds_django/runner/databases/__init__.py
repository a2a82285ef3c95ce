"""Test databases: templates made once for each state of a project, and forks that tests run in."""
