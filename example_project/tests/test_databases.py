import unittest

from example_project.databases import database_from_url


class DatabaseFromUrlTests(unittest.TestCase):
    def test_all_parts(self):
        self.assertEqual(
            database_from_url("postgres://box:s3cret@db.example.com:6432/tickets"),
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "tickets",
                "USER": "box",
                "PASSWORD": "s3cret",
                "HOST": "db.example.com",
                "PORT": "6432",
            },
        )

    def test_quoted_characters_are_unquoted(self):
        found = database_from_url("postgresql://box:p%40ss%2Fword@db/tickets")
        self.assertEqual(found["PASSWORD"], "p@ss/word")

    def test_port_and_user_may_be_left_to_the_driver(self):
        found = database_from_url("postgres:///tickets")
        self.assertEqual((found["USER"], found["HOST"], found["PORT"]), ("", "", ""))

    def test_other_scheme_is_refused_by_name(self):
        with self.assertRaisesRegex(ValueError, "'mysql'.*postgres, postgresql"):
            database_from_url("mysql://db/tickets")

    def test_name_is_required(self):
        with self.assertRaisesRegex(ValueError, "names no database"):
            database_from_url("postgres://db/")
