"""Shards: one run cut into parts that run apart, and put together again."""
