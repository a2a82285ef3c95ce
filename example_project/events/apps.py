from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "example_project.events"
    label = "events"

    def ready(self) -> None:
        from example_project.events import signals  # noqa: F401
