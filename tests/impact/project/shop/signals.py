from django.db.models.signals import pre_save
from django.dispatch import receiver

from shop.models import Item


@receiver(pre_save, sender=Item)
def stamp(sender, instance, **kwargs):
    instance.stamp = "saved"
