"""Give back the tickets of reservations that nobody paid for. Run it every minute."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from example_project.orders.models import Order
from example_project.orders.services.changes import expire_orders


class Command(BaseCommand):
    help = "End overdue reservations and put their tickets on sale again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="end at most so many")
        parser.add_argument("--dry-run", action="store_true", help="only list them")

    def handle(self, *, limit: int | None, dry_run: bool, **options: Any) -> None:
        if dry_run:
            orders = list(Order.objects.overdue().order_by("expires_at")[:limit])
        else:
            orders = expire_orders(limit=limit)
        if options["verbosity"] > 1 or dry_run:
            for order in orders:
                self.stdout.write(order.reference)
        verb = "would expire" if dry_run else "expired"
        self.stdout.write(f"{len(orders)} reservations {verb}.")
