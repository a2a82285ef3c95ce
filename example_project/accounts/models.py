"""Users, who log in by e-mail address, and the log of their failed attempts."""

from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models

from example_project.accounts.validators import validate_phone


class Role(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    ORGANISER = "organiser", "Organiser"
    BOX_OFFICE = "box_office", "Box office"


class UserManager(BaseUserManager):
    """Addresses are kept in lower case, so that nobody registers twice by accident."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=self.normalize_email(email))

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return super().normalize_email(email).lower()


class User(AbstractUser):
    username = None
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=20, blank=True, validators=[validate_phone])
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CUSTOMER)
    marketing_opt_in = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email

    @property
    def display_name(self) -> str:
        """The full name where given, else the part of the address before the @."""
        return self.get_full_name() or self.email.partition("@")[0]

    @property
    def is_organiser(self) -> bool:
        return self.is_staff or self.role == Role.ORGANISER

    @property
    def is_box_office(self) -> bool:
        return self.is_staff or self.role == Role.BOX_OFFICE


class FailedLogin(models.Model):
    email = models.EmailField()
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["email", "created_at"])]

    def __str__(self) -> str:
        return f"{self.email} at {self.created_at:%Y-%m-%d %H:%M}"
