from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "example_project.orders"
    label = "orders"

    def ready(self) -> None:
        from example_project.orders import receivers  # noqa: F401
