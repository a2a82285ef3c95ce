from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "example_project.notifications"
    label = "notifications"

    def ready(self) -> None:
        from example_project.notifications import signals  # noqa: F401
