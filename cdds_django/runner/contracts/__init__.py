"""Contracts, this project's and other services', as a test run needs them."""
