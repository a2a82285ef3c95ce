"""What people see while tests run: a live area on a terminal, plain lines elsewhere."""
