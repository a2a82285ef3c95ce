from django.core import mail
from django.test import TestCase
from django.urls import reverse

from example_project.events.models import EventStatus
from example_project.events.services import cancel_event
from example_project.exceptions import TransitionError
from example_project.orders.models import OrderStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    OrganiserFactory,
    PaidOrderFactory,
)


class CancelEventTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory(title="Hamlet")

    def cancel(self, **kwargs):
        with self.captureOnCommitCallbacks(execute=True):
            return cancel_event(self.event, **kwargs)

    def test_status(self):
        self.assertEqual(self.cancel().status, EventStatus.CANCELLED)

    def test_twice(self):
        self.cancel()
        with self.assertRaisesMessage(TransitionError, "cancelled already"):
            self.cancel()

    def test_buyers_are_told_why(self):
        order = PaidOrderFactory(event=self.event)
        self.cancel(reason="The lead is ill.")
        self.assertEqual([message.to for message in mail.outbox], [[order.customer.email]])
        self.assertEqual(mail.outbox[0].subject, "Hamlet is cancelled")
        self.assertIn("Reason: The lead is ill.", mail.outbox[0].body)

    def test_reservations_are_released(self):
        line = OrderLineFactory(order=OrderFactory(event=self.event), quantity=4)
        self.cancel()
        line.order.refresh_from_db()
        line.ticket_type.refresh_from_db()
        self.assertEqual(line.order.status, OrderStatus.CANCELLED)
        self.assertEqual(line.ticket_type.taken, 0)

    def test_nothing_is_sent_before_the_commit(self):
        PaidOrderFactory(event=self.event)
        with self.captureOnCommitCallbacks() as callbacks:
            cancel_event(self.event)
        self.assertEqual(len(callbacks), 1)
        self.assertEqual(mail.outbox, [])


class CancelApiTests(ApiTestCase):
    def test_cancel_with_reason(self):
        owner = OrganiserFactory()
        event = EventFactory(organiser=owner)
        PaidOrderFactory(event=event)
        self.login(owner)
        with self.captureOnCommitCallbacks(execute=True):
            response = self.client.post(
                reverse("event-cancel", args=[event.slug]), {"reason": "Flood"}
            )
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "cancelled")
        self.assertIn("Flood", mail.outbox[0].body)

    def test_needs_a_login(self):
        event = EventFactory()
        self.assertStatus(self.client.post(reverse("event-cancel", args=[event.slug])), 401)
