"""Rules: each looks at one kind of place of two contracts and says what changed there."""
