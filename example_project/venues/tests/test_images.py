from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from example_project.testing.base import ApiTestCase, TemporaryMediaMixin
from example_project.testing.factories import StaffFactory, UserFactory, VenueFactory
from example_project.testing.images import png


class VenueImageTests(TemporaryMediaMixin, ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.venue = VenueFactory(name="Barrowland")
        cls.url = reverse("venue-image", args=["barrowland"])

    def setUp(self):
        super().setUp()
        self.login(self.staff)

    def upload(self, file):
        return self.client.post(self.url, {"image": file}, format="multipart")

    def test_upload(self):
        response = self.upload(png())
        self.assertStatus(response, 200)
        self.venue.refresh_from_db()
        self.assertTrue(self.venue.image.name.startswith("venues/hall"))
        self.assertTrue(default_storage.exists(self.venue.image.name))
        self.assertTrue(response.data["image"].startswith("http://testserver/media/venues/"))

    def test_new_image_replaces_the_file(self):
        self.upload(png("old.png"))
        self.venue.refresh_from_db()
        old = self.venue.image.name
        self.upload(png("new.png"))
        self.venue.refresh_from_db()
        self.assertNotEqual(self.venue.image.name, old)
        self.assertFalse(default_storage.exists(old))

    def test_not_an_image(self):
        response = self.upload(SimpleUploadedFile("hall.png", b"%PDF-1.7", "image/png"))
        self.assertInvalid(response, "image", "Upload a valid image")

    @override_settings(TICKETS={"IMAGE_MAX_BYTES": 20})
    def test_too_large(self):
        self.assertInvalid(self.upload(png()), "image", "image_too_large")

    def test_json_is_not_accepted(self):
        self.assertStatus(self.client.post(self.url, {"image": "x"}, format="json"), 415)

    def test_delete(self):
        self.upload(png())
        self.venue.refresh_from_db()
        name = self.venue.image.name
        self.assertStatus(self.client.delete(self.url), 204)
        self.venue.refresh_from_db()
        self.assertFalse(self.venue.image)
        self.assertFalse(default_storage.exists(name))

    def test_file_goes_with_the_venue(self):
        self.upload(png())
        self.venue.refresh_from_db()
        name = self.venue.image.name
        self.venue.delete()
        self.assertFalse(default_storage.exists(name))

    def test_customers_may_not_upload(self):
        self.login(UserFactory())
        self.assertStatus(self.upload(png()), 403)
