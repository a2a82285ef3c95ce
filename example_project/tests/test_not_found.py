from django.test import TestCase, override_settings


class NotFoundTests(TestCase):
    def test_page(self):
        response = self.client.get("/nowhere/")
        self.assertContains(response, "There is nothing here", status_code=404)
        self.assertTemplateUsed(response, "404.html")
        self.assertTemplateUsed(response, "base.html")

    @override_settings(SITE_NAME="Leeds Tickets")
    def test_page_has_the_site_name(self):
        self.assertContains(self.client.get("/nowhere/"), "Leeds Tickets", status_code=404)

    def test_missing_slash_is_added(self):
        self.assertRedirects(self.client.get("/api/cities"), "/api/cities/", status_code=301)
