from django.conf import settings
from django.test import SimpleTestCase, override_settings

from example_project.conf import DEFAULTS, rule


class RuleTests(SimpleTestCase):
    @override_settings(TICKETS={"RESERVATION_MINUTES": 3})
    def test_setting_wins(self):
        self.assertEqual(rule("RESERVATION_MINUTES"), 3)

    @override_settings(TICKETS={})
    def test_default(self):
        self.assertEqual(rule("MAX_TICKETS_PER_ORDER"), 10)

    @override_settings()
    def test_setting_may_be_missing(self):
        del settings.TICKETS
        self.assertEqual(rule("REFUND_CUTOFF_HOURS"), 24)

    def test_unknown_rule(self):
        with self.assertRaises(KeyError):
            rule("MAX_TICKET_PER_ORDER")

    def test_project_sets_known_rules_only(self):
        self.assertLessEqual(set(settings.TICKETS), set(DEFAULTS))
