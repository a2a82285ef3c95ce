from django.db import models


class Priced:
    def gross(self):
        return self.price * 2


class Item(Priced, models.Model):
    name = models.CharField(max_length=20)
    price = models.IntegerField(default=1)
    stamp = models.CharField(max_length=20, default="")
