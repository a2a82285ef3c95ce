from django.conf import settings
from django.db import models

from store.validators import check_title


class Stamped(models.Model):
    note = models.CharField(max_length=20, default="none")

    class Meta:
        abstract = True


class BookQuerySet(models.QuerySet):
    def cheap(self):
        return self.filter(price__lt=10)


class Status(models.TextChoices):
    NEW = "new", "New"
    SOLD = "sold", "Sold"


class Author(Stamped):
    name = models.CharField(max_length=20)

    class Meta:
        ordering = ["name"]


class Tag(models.Model):
    word = models.CharField(max_length=20, unique=True)


class Book(Stamped):
    title = models.CharField(max_length=40, validators=[check_title])
    price = models.IntegerField(default=5)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    tags = models.ManyToManyField(Tag)
    changed = models.IntegerField(default=0)

    objects = BookQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


class Loan(models.Model):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    days = models.IntegerField(default=14)


class Supplier(models.Model):
    city = models.CharField(max_length=20, default="Ulm")
