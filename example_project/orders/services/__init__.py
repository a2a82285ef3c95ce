"""What can be done with orders, one module per stage of their life."""
