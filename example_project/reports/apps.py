from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "example_project.reports"
    label = "reports"
