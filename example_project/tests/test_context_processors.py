from django.test import RequestFactory, SimpleTestCase, override_settings

from example_project.context_processors import branding


class BrandingTests(SimpleTestCase):
    def test_defaults(self):
        self.assertEqual(
            branding(RequestFactory().get("/")),
            {
                "site_name": "Ticket Office",
                "support_email": "help@example.com",
                "sales_paused": False,
            },
        )

    @override_settings(SITE_NAME="Leeds Tickets", TICKETS={"READ_ONLY": True})
    def test_settings_are_read_for_each_request(self):
        found = branding(RequestFactory().get("/"))
        self.assertEqual(found["site_name"], "Leeds Tickets")
        self.assertIs(found["sales_paused"], True)
