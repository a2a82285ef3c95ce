"""A stateful mock server made from a contract: it validates, remembers and forks per batch."""
