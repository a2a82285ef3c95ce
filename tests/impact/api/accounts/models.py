from django.contrib.auth.models import AbstractUser
from django.db import models


class Member(AbstractUser):
    nickname = models.CharField(max_length=20, default="new")

    class Meta:
        ordering = ["username"]
