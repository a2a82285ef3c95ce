from django.test import TestCase
from rest_framework.test import APIClient


class ApiCase(TestCase):
    client_class = APIClient
    member = "ann"

    def write(self, path, data):
        return self.client.post(path, data, format="json", HTTP_X_MEMBER=self.member)
