"""Resources: what they look like, which one is meant, how they are made and changed."""
