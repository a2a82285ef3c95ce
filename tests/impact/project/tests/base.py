from django.test import SimpleTestCase


class ShopCase(SimpleTestCase):
    kind = "base"

    def helper(self):
        return 1
