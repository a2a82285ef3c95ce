"""What a run tells: a summary for the terminal, an explanation, files for machines."""
