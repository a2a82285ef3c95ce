from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, override_settings

from example_project.venues.validators import validate_image_size, validate_postcode


class PostcodeTests(SimpleTestCase):
    def test_accepted(self):
        for value in ["SW7 2AP", "M1 1AE", "EC1A 1BB", "10115"]:
            with self.subTest(value):
                validate_postcode(value)

    def test_refused(self):
        for value in ["sw7 2ap", "SW72AP", "1011", "SW7  2AP", "SW7 2AP; DROP"]:
            with self.subTest(value), self.assertRaises(ValidationError):
                validate_postcode(value)


class ImageSizeTests(SimpleTestCase):
    def test_at_the_limit(self):
        validate_image_size(SimpleNamespace(size=512 * 1024))

    def test_over_the_limit(self):
        with self.assertRaises(ValidationError) as caught:
            validate_image_size(SimpleNamespace(size=512 * 1024 + 1))
        self.assertEqual(caught.exception.code, "image_too_large")

    @override_settings(TICKETS={"IMAGE_MAX_BYTES": 10})
    def test_limit_is_a_rule(self):
        with self.assertRaises(ValidationError) as caught:
            validate_image_size(SimpleNamespace(size=11))
        self.assertIn("at most 10\xa0bytes fit", caught.exception.messages[0])
