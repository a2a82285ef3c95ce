from django.test import TestCase

from example_project.testing.factories import UserFactory


class HealthTests(TestCase):
    async def test_counts_users(self):
        await UserFactory._meta.model.objects.acreate(email="one@example.com")
        response = await self.async_client.get("/healthz")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {"status": "ok", "users": 1})

    def test_works_in_a_synchronous_server(self):
        self.assertEqual(self.client.get("/healthz").json()["status"], "ok")
