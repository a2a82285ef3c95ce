from django.core import mail
from django.test import TestCase, override_settings

from example_project.notifications.models import Kind, Notification, NotificationPreference
from example_project.notifications.services import notify
from example_project.testing.factories import OrderLineFactory, PaidOrderFactory


class NotifyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.order = PaidOrderFactory(customer__first_name="Robin", event__title="Hamlet")
        OrderLineFactory(order=cls.order, quantity=2, ticket_type__name="Stalls")
        cls.user = cls.order.customer

    def notify(self, kind=Kind.ORDER_PAID, **context):
        return notify(self.user, kind, {"order": self.order, **context}, key="k1")

    def test_stored(self):
        notification = self.notify()
        self.assertEqual(notification.subject, "Your tickets for Hamlet")
        self.assertIn("2 x Stalls", notification.body)
        self.assertIn("£43.75", notification.body)
        self.assertEqual((notification.key, notification.read_at), ("k1", None))

    def test_mailed_as_text_and_html(self):
        self.notify()
        message = mail.outbox[0]
        self.assertEqual(
            (message.to, message.from_email), ([self.user.email], "tickets@example.com")
        )
        html, mimetype = message.alternatives[0]
        self.assertEqual(mimetype, "text/html")
        self.assertInHTML("<h1>Your tickets for Hamlet</h1>", html)
        self.assertIn("help@example.com", html)

    def test_not_mailed_to_those_who_do_not_want_it(self):
        NotificationPreference.objects.filter(user=self.user).update(email_orders=False)
        self.notify()
        self.assertEqual(mail.outbox, [])
        self.assertEqual(Notification.objects.count(), 1)

    def test_reminders_have_their_own_preference(self):
        NotificationPreference.objects.filter(user=self.user).update(email_orders=False)
        self.notify(Kind.REMINDER)
        self.assertEqual(mail.outbox[0].subject, "Soon: Hamlet")

    def test_every_kind_has_templates(self):
        for kind in Kind:
            with self.subTest(kind):
                notification = self.notify(kind, event=self.order.event, reason="Flood")
                self.assertTrue(notification.subject and notification.body)

    @override_settings(DEFAULT_FROM_EMAIL="box@example.org")
    def test_sender_is_a_setting(self):
        self.notify()
        self.assertEqual(mail.outbox[0].from_email, "box@example.org")


class PreferenceTests(TestCase):
    def test_wants_email(self):
        preference = NotificationPreference(email_orders=False, email_reminders=True)
        self.assertTrue(preference.wants_email(Kind.REMINDER))
        self.assertFalse(preference.wants_email(Kind.EVENT_CANCELLED))
