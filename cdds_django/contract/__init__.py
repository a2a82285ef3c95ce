"""What the API promises: operations, their hashes, snapshots of them and the difference of two."""
