from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "example_project.accounts"
    label = "accounts"

    def ready(self) -> None:
        from example_project.accounts import signals  # noqa: F401
