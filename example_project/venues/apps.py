from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "example_project.venues"
    label = "venues"

    def ready(self) -> None:
        from example_project.venues import signals  # noqa: F401
