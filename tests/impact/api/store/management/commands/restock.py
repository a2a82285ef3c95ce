from django.core.management.base import BaseCommand

from store.models import Supplier

CITY = "Bonn"


class Command(BaseCommand):
    help = "Order more."

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, default=2)

    def handle(self, *args, **options):
        for _ in range(options["count"]):
            Supplier.objects.create(city=CITY)
