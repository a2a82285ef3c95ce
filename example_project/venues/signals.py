"""Receivers of the venues app; its AppConfig imports this module to connect them."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from example_project.venues.models import Venue
from example_project.venues.services import forget_cities


@receiver(post_save, sender=Venue, dispatch_uid="venues.forget_cities_on_save")
@receiver(post_delete, sender=Venue, dispatch_uid="venues.forget_cities_on_delete")
def forget_cached_cities(sender: type[Venue], **kwargs: Any) -> None:
    forget_cities()


@receiver(post_delete, sender=Venue, dispatch_uid="venues.delete_image")
def delete_image(sender: type[Venue], instance: Venue, **kwargs: Any) -> None:
    """Files are not rows: the database doesn't delete them with the venue."""
    if instance.image:
        instance.image.storage.delete(instance.image.name)
