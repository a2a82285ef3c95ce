from django.apps import AppConfig


def register():
    return "registered"


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from shop import signals

        self.receivers = [register(), signals.__name__]
