from django.test import TestCase

from example_project.events.models import Event
from example_project.events.signals import event_cancelled
from example_project.notifications.models import Kind, Notification, NotificationPreference
from example_project.orders.models import Order
from example_project.orders.signals import order_expired, order_paid, order_refunded
from example_project.testing.factories import OrderFactory, PaidOrderFactory, UserFactory


class PreferenceSignalTests(TestCase):
    def test_new_users_have_preferences(self):
        user = UserFactory(password=None)
        self.assertTrue(user.notification_preference.email_reminders)

    def test_saving_again_makes_no_second(self):
        UserFactory(password=None).save()
        self.assertEqual(NotificationPreference.objects.count(), 1)


class OrderSignalTests(TestCase):
    def test_one_notification_of_the_kind(self):
        order = OrderFactory()
        for signal, kind in [
            (order_paid, Kind.ORDER_PAID),
            (order_refunded, Kind.ORDER_REFUNDED),
            (order_expired, Kind.ORDER_EXPIRED),
        ]:
            with self.subTest(kind):
                signal.send(sender=Order, order=order)
                notification = Notification.objects.get(kind=kind)
                self.assertEqual(notification.user, order.customer)
                self.assertEqual(notification.key, order.reference)


class EventCancelledTests(TestCase):
    def test_buyers_only(self):
        paid = PaidOrderFactory()
        OrderFactory(event=paid.event)
        PaidOrderFactory()
        event_cancelled.send(sender=Event, event=paid.event, reason="")
        notification = Notification.objects.get(kind=Kind.EVENT_CANCELLED)
        self.assertEqual(notification.user, paid.customer)
        self.assertNotIn("Reason", notification.body)
