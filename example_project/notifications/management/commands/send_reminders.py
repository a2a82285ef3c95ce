"""Remind buyers of events that are near. Run it every hour."""

from typing import Any

from django.core.management.base import BaseCommand

from example_project.notifications.services import send_reminders


class Command(BaseCommand):
    help = "Notify everybody whose event starts within the REMINDER_HOURS rule."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{send_reminders()} reminders sent.")
