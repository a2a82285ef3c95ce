"""Putting cdds_django into a project: `python -m cdds_django.init`, and taking it out again."""
