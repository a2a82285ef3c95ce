"""Slugs that are unique within a table."""

from django.db.models import Model
from django.utils.text import slugify


def unique_slug(instance: Model, text: str, *, max_length: int = 80) -> str:
    """Return a slug of ``text`` that no other row of the instance's table has."""
    base = slugify(text)[: max_length - 4] or "untitled"
    others = type(instance)._default_manager.exclude(pk=instance.pk)
    slug, number = base, 2
    while others.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
