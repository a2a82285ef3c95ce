"""Base classes of the tests."""

import shutil
import tempfile
from typing import Any

from django.core.cache import cache
from django.test import TestCase, override_settings
from rest_framework.response import Response
from rest_framework.test import APITestCase

from example_project.testing.factories import PASSWORD


class LoginMixin:
    """Logs in the way people do: by address and password."""

    def login(self, user: Any, password: str = PASSWORD) -> None:
        if not self.client.login(email=user.email, password=password):
            raise AssertionError(f"{user.email} can't log in.")


class ApiTestCase(LoginMixin, APITestCase):
    """For the API. Caches are no part of the transaction that is rolled back: empty them."""

    def setUp(self) -> None:
        super().setUp()
        cache.clear()

    def assertStatus(self, response: Response, expected: int) -> None:
        """Compare the status, showing the body where it differs, which usually says why."""
        self.assertEqual(response.status_code, expected, getattr(response, "data", ""))

    def assertErrorCode(self, response: Response, status: int, code: str) -> None:
        self.assertStatus(response, status)
        self.assertEqual(response.data["code"], code)

    def assertInvalid(self, response: Response, field: str, text: str) -> None:
        """Expect a 400 whose errors for the field contain a text or code."""
        self.assertStatus(response, 400)
        self.assertIn(field, response.data)
        self.assertIn(text, repr(response.data[field]))

    def slugs(self, response: Response) -> list[str]:
        """Return the slugs of a paginated list."""
        self.assertStatus(response, 200)
        return [row["slug"] for row in response.data["results"]]


class PageTestCase(LoginMixin, TestCase):
    """For pages and the admin."""

    def setUp(self) -> None:
        super().setUp()
        cache.clear()


class TemporaryMediaMixin:
    """Uploads go to a directory that lives as long as the test class."""

    @classmethod
    def setUpClass(cls) -> None:
        cls._media_root = tempfile.mkdtemp(prefix="media-")
        cls._media_override = override_settings(MEDIA_ROOT=cls._media_root)
        cls._media_override.enable()
        cls.addClassCleanup(shutil.rmtree, cls._media_root, ignore_errors=True)
        cls.addClassCleanup(cls._media_override.disable)
        super().setUpClass()
