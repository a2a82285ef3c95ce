"""What a snapshot costs beside the schema: `python -m benchmarks.contract_snapshot [ROUNDS]`.

A generated DRF project of 2,400 operations. One side builds the schema with drf-spectacular and
writes it as JSON; the other is `contract_snapshot`. Then the snapshot is written under 20 hash
seeds, and has to be the same each time.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

VIEW_SETS = 400
"""Each has six operations."""

SEEDS = 20

SETTINGS = """
SECRET_KEY = "benchmark"
INSTALLED_APPS = ["django.contrib.contenttypes", "rest_framework", "drf_spectacular", "shop",
                  "cdds_django"]
ROOT_URLCONF = "shop.urls"
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""

URLS = """
from django.db import models
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

KINDS = [("a", "A"), ("b", "B"), ("c", "C")]


class AddressSerializer(serializers.Serializer):
    street = serializers.CharField(max_length=80)
    city = serializers.CharField(max_length=80)


def made(number):
    class Meta:
        app_label = "shop"

    model = type(f"Thing{number}", (models.Model,), {
        "__module__": "shop.models", "Meta": Meta,
        "name": models.CharField(max_length=10 + number),
        "kind": models.CharField(max_length=1, choices=KINDS),
        "amount": models.DecimalField(max_digits=9, decimal_places=2),
        "created": models.DateTimeField(auto_now_add=True),
        "note": models.TextField(blank=True, null=True),
    })
    fields = ["id", "name", "kind", "amount", "created", "note", "address"]
    serializer = type(f"Thing{number}Serializer", (serializers.ModelSerializer,), {
        "address": AddressSerializer(),
        "Meta": type("Meta", (), {"model": model, "fields": fields}),
    })
    return type(f"Thing{number}ViewSet", (viewsets.ModelViewSet,), {
        "queryset": model.objects.all(), "serializer_class": serializer,
    })


router = SimpleRouter()
for number in range(%d):
    router.register(f"things-{number}", made(number))
urlpatterns = router.urls
"""

BUILD = """
import django
django.setup()
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
schema = SchemaGenerator().get_schema(request=None, public=True)
open("schema.json", "wb").write(OpenApiJsonRenderer().render(schema, renderer_context={}))
"""


def cpu_s(directory: Path, *command: str, seed: int = 0) -> float:
    """Return the seconds of processor time that a command takes."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": os.pathsep.join([str(directory), str(Path(__file__).parents[1])]),
        "PYTHONHASHSEED": str(seed),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *command], cwd=directory, env=environment, check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    """Print both costs, their ratio, and how many snapshots there are under the seeds."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        (directory / "shop").mkdir()
        (directory / "settings.py").write_text(SETTINGS)
        (directory / "shop" / "__init__.py").write_text("")
        (directory / "shop" / "urls.py").write_text(URLS % VIEW_SETS)
        pairs = [
            (
                cpu_s(directory, "-c", BUILD),
                cpu_s(directory, "-m", "django", "contract_snapshot"),
            )
            for _ in range(rounds)
        ]
        for schema_s, snapshot_s in pairs:
            print(f"schema {schema_s:.2f} s, snapshot {snapshot_s:.2f} s", flush=True)
        print(f"ratio {median(snapshot / schema for schema, snapshot in pairs):.2f}", flush=True)
        texts = set()
        for seed in range(1, SEEDS + 1):
            cpu_s(directory, "-m", "django", "contract_snapshot", seed=seed)
            texts.add((directory / ".contract-snapshot.json").read_bytes())
        print(f"{len(texts)} snapshot(s) under {SEEDS} hash seeds, {len(texts.pop())} bytes")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
