from django.db.models.signals import post_save, pre_save
from django.dispatch import Signal, receiver

from store.models import Author, Book

sold = Signal()


@receiver(pre_save, sender=Book)
def count_changes(sender, instance, **kwargs):
    instance.changed += 1


def name_author(sender, instance, **kwargs):
    instance.name = instance.name.upper()


post_save.connect(name_author, sender=Author)


@receiver(sold)
def note_sale(sender, log, **kwargs):
    log.append("sold")
