"""What importing the project does, seen in a process of its own."""
