import unittest

from django.core.exceptions import ValidationError

from example_project.accounts.validators import MixedCharactersValidator, validate_phone


class PhoneTests(unittest.TestCase):
    def test_international_numbers(self):
        for number in ["+442079460000", "+15550100", "+4930123456789"]:
            with self.subTest(number):
                validate_phone(number)

    def test_other_numbers(self):
        for number in ["02079460000", "+44 20 7946 0000", "+0123456789", "+1", "+" + "1" * 16]:
            with self.subTest(number), self.assertRaises(ValidationError) as caught:
                validate_phone(number)
            self.assertEqual(caught.exception.code, "invalid_phone")


class MixedCharactersTests(unittest.TestCase):
    def test_letters_and_digits(self):
        MixedCharactersValidator().validate("abcdefghi1")

    def test_one_kind_only(self):
        for password in ["abcdefghij", "1234567890", "--------"]:
            with self.subTest(password), self.assertRaises(ValidationError) as caught:
                MixedCharactersValidator().validate(password)
            self.assertEqual(caught.exception.code, "password_not_mixed")

    def test_help_text(self):
        self.assertIn("one letter and one digit", MixedCharactersValidator().get_help_text())
