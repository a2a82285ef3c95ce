from django.test import TestCase
from django.urls import reverse

from example_project.events.models import EventStatus
from example_project.testing.factories import EventFactory, TicketTypeFactory


class RemainingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory(title="Hamlet")
        TicketTypeFactory(event=cls.event, quantity=20, taken=5)
        TicketTypeFactory(event=cls.event, quantity=3)
        cls.url = reverse("event-remaining", args=["hamlet"])

    async def test_sum_of_all_types(self):
        response = await self.async_client.get(self.url)
        self.assertEqual(response.json(), {"remaining": 18})

    async def test_not_on_sale(self):
        await type(self.event).objects.aupdate(status=EventStatus.DRAFT)
        self.assertEqual((await self.async_client.get(self.url)).status_code, 404)

    def test_synchronous_client(self):
        self.assertEqual(self.client.get(self.url).json()["remaining"], 18)
