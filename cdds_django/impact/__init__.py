"""What tests depend on: records of what ran, fingerprints of it, and the choice made from both."""
