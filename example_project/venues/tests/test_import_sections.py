import tempfile
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import TestCase

from example_project.testing.factories import SectionFactory, VenueFactory

PLAN = "name,seats,step_free\nStalls,120,yes\nCircle,80,no\n"


class ImportSectionsTests(TestCase):
    def setUp(self):
        self.venue = VenueFactory(name="Playhouse")
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = Path(directory.name) / "plan.csv"
        self.file.write_text(PLAN, encoding="utf-8")

    def run_command(self, slug="playhouse"):
        out = StringIO()
        call_command("import_sections", slug, self.file, stdout=out, no_color=True)
        return out.getvalue()

    def sections(self):
        return list(self.venue.sections.values_list("name", "seats", "has_step_free_access"))

    def test_creates_sections(self):
        self.assertEqual(self.run_command(), "Playhouse has 2 sections from plan.csv.\n")
        self.assertEqual(self.sections(), [("Circle", 80, False), ("Stalls", 120, True)])

    def test_updates_sections_of_the_same_name(self):
        SectionFactory(venue=self.venue, name="Stalls", seats=1)
        self.run_command()
        self.assertIn(("Stalls", 120, True), self.sections())

    def test_bad_number_imports_nothing(self):
        self.file.write_text(PLAN + "Boxes,many,no\n", encoding="utf-8")
        with self.assertRaisesRegex(CommandError, "Couldn't import .*plan.csv.*'many'"):
            self.run_command()
        self.assertEqual(self.sections(), [])

    def test_missing_column(self):
        self.file.write_text("name\nStalls\n", encoding="utf-8")
        with self.assertRaisesRegex(CommandError, "seats"):
            self.run_command()

    def test_missing_file(self):
        self.file.unlink()
        with self.assertRaisesRegex(CommandError, "No such file"):
            self.run_command()

    def test_unknown_venue(self):
        with self.assertRaisesMessage(CommandError, "No venue has the slug 'nowhere'."):
            self.run_command("nowhere")
