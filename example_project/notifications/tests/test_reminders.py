from datetime import timedelta
from io import StringIO

from django.core import mail
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from example_project.events.models import EventStatus
from example_project.notifications.services import send_reminders
from example_project.testing.factories import EventFactory, OrderFactory, PaidOrderFactory


class ReminderTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory(
            title="Hamlet", venue__name="Playhouse", starts_at=timezone.now() + timedelta(hours=20)
        )
        cls.order = PaidOrderFactory(event=cls.event)

    def test_buyers_are_reminded(self):
        self.assertEqual(send_reminders(), 1)
        self.assertEqual(mail.outbox[0].to, [self.order.customer.email])
        self.assertIn("at Playhouse", mail.outbox[0].body)

    def test_once(self):
        send_reminders()
        self.assertEqual(send_reminders(), 0)
        self.assertEqual(len(mail.outbox), 1)

    def test_others_are_not(self):
        OrderFactory(event=self.event)
        PaidOrderFactory()
        PaidOrderFactory(
            event=EventFactory(status=EventStatus.CANCELLED, starts_at=self.event.starts_at)
        )
        self.assertEqual(send_reminders(), 1)

    def test_not_after_the_start(self):
        self.assertEqual(send_reminders(now=self.event.starts_at), 0)

    @override_settings(TICKETS={"REMINDER_HOURS": 12})
    def test_how_early_is_a_rule(self):
        self.assertEqual(send_reminders(), 0)

    def test_command(self):
        out = StringIO()
        call_command("send_reminders", stdout=out)
        self.assertEqual(out.getvalue(), "1 reminders sent.\n")
