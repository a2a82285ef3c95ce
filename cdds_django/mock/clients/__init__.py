"""The mock for HTTP libraries in this process: what they send to certain URLs, it answers."""
