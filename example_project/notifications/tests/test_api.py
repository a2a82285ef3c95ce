from django.urls import reverse

from example_project.notifications.models import Kind, Notification
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import UserFactory


class NotificationApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()
        cls.first, cls.second = (
            Notification.objects.create(user=cls.user, kind=kind, subject=kind.label, body="…")
            for kind in [Kind.ORDER_PAID, Kind.REMINDER]
        )
        cls.foreign = Notification.objects.create(
            user=UserFactory(password=None), kind=Kind.REMINDER, subject="x", body="x"
        )

    def setUp(self):
        super().setUp()
        self.login(self.user)

    def unread(self):
        return self.client.get(reverse("notification-unread")).data["unread"]

    def test_own_newest_first(self):
        response = self.client.get(reverse("notification-list"))
        self.assertStatus(response, 200)
        self.assertEqual(
            [row["id"] for row in response.data["results"]], [self.second.pk, self.first.pk]
        )

    def test_filter_by_kind(self):
        response = self.client.get(reverse("notification-list"), {"kind": "reminder"})
        self.assertEqual([row["id"] for row in response.data["results"]], [self.second.pk])

    def test_read(self):
        self.assertEqual(self.unread(), 2)
        response = self.client.post(reverse("notification-read", args=[self.first.pk]))
        self.assertStatus(response, 200)
        self.assertIsNotNone(response.data["read_at"])
        self.assertEqual(self.unread(), 1)

    def test_reading_again_keeps_the_time(self):
        url = reverse("notification-read", args=[self.first.pk])
        self.assertEqual(
            self.client.post(url).data["read_at"], self.client.post(url).data["read_at"]
        )

    def test_read_all_leaves_those_of_others(self):
        response = self.client.post(reverse("notification-read-all"))
        self.assertEqual(response.data, {"unread": 0})
        self.assertEqual(self.unread(), 0)
        self.foreign.refresh_from_db()
        self.assertIsNone(self.foreign.read_at)

    def test_those_of_others_are_not_found(self):
        url = reverse("notification-detail", args=[self.foreign.pk])
        self.assertStatus(self.client.get(url), 404)

    def test_needs_a_login(self):
        self.client.logout()
        self.assertStatus(self.client.get(reverse("notification-list")), 401)
