"""The laboratory's operators: source in, mutated sources out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.laboratory import bundles, mutants, table
from benchmarks.laboratory.edits import Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.judge import Verdict
from benchmarks.laboratory.mutants import Mutant, MutantError
from benchmarks.laboratory.operators import files
from benchmarks.laboratory.operators.catalogue import edits_of, edits_of_text
from benchmarks.laboratory.truth import Truth

VIEWS = '''\
class Orders(Paged, ModelViewSet):
    """Orders."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    permission_classes = [IsOwner, IsStaff]

    @action(detail=True)
    def cancel(self, request):
        return Response(status=204)


@require_POST
def hook(request):
    if request.user:
        return None
'''
SERIALIZERS = """\
class OrderSerializer(ModelSerializer):
    note = CharField(max_length=10, required=False)

    class Meta:
        model = Order
        fields = ["id", "note"]
"""
MODELS = """\
class Base(models.Model):
    class Meta:
        abstract = True


class Order(Base):
    note = models.CharField(max_length=10, choices=Kind)
    objects = OrderManager()

    class Meta:
        ordering = ["-note"]

    def __str__(self):
        return "ä" + self.note
"""
URLS = """\
urlpatterns = [
    path("orders/", orders, name="orders"),
    re_path(r"^old/", old),
    path("", rest),
]
router.register("events", Events, basename="event")
"""
THROTTLES = """\
class Slow(AnonRateThrottle):
    scope = "slow"


class Slower(Slow):
    def allow_request(self, request, view):
        return False
"""
URL_LINES = "\n".join(URLS.splitlines()[1:4])
SIGNALS = """\
@receiver(post_save, sender=Order)
def saved(sender, **kwargs):
    tell(sender)
"""
SETTINGS = """\
MIDDLEWARE = ["a.A", "b.B"]
REST_FRAMEWORK = {"PAGE_SIZE": 10, "CLASSES": ["x.X"]}
LIMIT = 3
"""
TAGS = "@register.filter\ndef shout(value, mark='!'):\n    return value + mark\n"
FACTORY = "class OrderFactory(DjangoModelFactory):\n    note = Sequence(lambda n: f'{n}x' + 'y')\n"
MIGRATION = """\
class Migration(migrations.Migration):
    operations = [migrations.AddField("order", "note", models.CharField(max_length=3))]
"""


def mutated(path: str, text: str) -> set[tuple[str, str, str]]:
    """Return kind, operator and what becomes of the text for each edit of a Python file."""
    source = Source(path, text)
    found = set()
    for edit in edits_of(source, Families([source])):
        begin, end = edit.span
        found.add((edit.kind, edit.operator, text[:begin] + edit.new + text[end:]))
    return found


@pytest.mark.parametrize(
    ("path", "text", "operator", "old", "new"),
    [
        ("shop/views.py", VIEWS, "condition negated", "if request.user", "if not (request.user)"),
        ("shop/views.py", VIEWS, "queryset emptied", "all()", "all().none()"),
        ("shop/views.py", VIEWS, "permission_classes = []", "[IsOwner, IsStaff]", "[]"),
        (
            "shop/views.py",
            VIEWS,
            "permission_classes: item removed",
            "[IsOwner, IsStaff]",
            "[IsStaff]",
        ),
        ("shop/views.py", VIEWS, "@require_POST removed", "@require_POST\n", ""),
        ("shop/views.py", VIEWS, "@action removed", "    @action(detail=True)\n", ""),
        ("shop/views.py", VIEWS, "base Paged removed", "Paged, ", ""),
        ("shop/serializers.py", SERIALIZERS, "fields: item removed", ', "note"]', "]"),
        (
            "shop/serializers.py",
            SERIALIZERS,
            "option required: removed",
            ", required=False",
            "",
        ),
        (
            "shop/serializers.py",
            SERIALIZERS,
            "option read_only: added",
            "=False)",
            "=False, read_only=True)",
        ),
        ("shop/models.py", MODELS, "ordering reversed", '"-note"', "'note'"),
        ("shop/models.py", MODELS, "option max_length: changed", "10", "11"),
        ("shop/models.py", MODELS, "manager changed", "OrderManager()", "Manager()"),
        ("shop/models.py", MODELS, "None returned", 'return "ä" + self.note', "return None"),
        ("shop/urls.py", URLS, "path changed", "^old", "^x/old"),
        ("shop/urls.py", URLS, "name removed", ', name="orders"', ""),
        (
            "shop/urls.py",
            URLS,
            "last route earlier",
            URL_LINES,
            "\n".join(URL_LINES.split("\n")[::-1]),
        ),
        ("shop/urls.py", URLS, "prefix changed", '"events"', '"x/events"'),
        ("shop/urls.py", URLS, "basename changed", '"event"', '"xevent"'),
        (
            "shop/throttling.py",
            THROTTLES,
            "allow_request added",
            '"slow"',
            '"slow"\n\n    def allow_request(self, request, view):\n        return True',
        ),
        ("shop/signals.py", SIGNALS, "another signal", "post_save", "pre_save"),
        ("shop/settings.py", SETTINGS, "MIDDLEWARE: reordered", '"a.A", "b.B"', '"b.B", "a.A"'),
        ("shop/settings.py", SETTINGS, "REST_FRAMEWORK: changed", "10", "11"),
        ("shop/settings.py", SETTINGS, "REST_FRAMEWORK: item removed", '"x.X"', ""),
        ("shop/templatetags/t.py", TAGS, "renamed", ".filter", '.filter(name="mutant")'),
        ("shop/tests/factories.py", FACTORY, "note: changed", "'y'", "'yx'"),
        ("shop/migrations/1.py", MIGRATION, "option max_length: changed", "3", "4"),
        ("shop/prices.py", 'FEE = Decimal("3.75")\n', "FEE: changed", '"3.75"', "'4.75'"),
    ],
)
def test_an_operator_makes_this_edit(
    path: str, text: str, operator: str, old: str, new: str
) -> None:
    assert text.count(old) == 1
    wanted = text.replace(old, new)
    found = {(op, after) for _, op, after in mutated(path, text)}
    assert (operator, wanted) in found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shop/views.py", VIEWS),
        ("shop/serializers.py", SERIALIZERS),
        ("shop/models.py", MODELS),
        ("shop/urls.py", URLS),
        ("shop/throttling.py", THROTTLES),
        ("shop/signals.py", SIGNALS),
        ("shop/settings.py", SETTINGS),
        ("shop/templatetags/t.py", TAGS),
        ("shop/tests/factories.py", FACTORY),
        ("shop/migrations/1.py", MIGRATION),
    ],
)
def test_every_edit_is_python(path: str, text: str) -> None:
    for _, operator, after in mutated(path, text):
        assert ast.parse(after), operator


@pytest.mark.parametrize(
    ("path", "text", "operator", "after"),
    [
        ("a/templates/t.html", "<b>Orders</b>", "text changed", "<b>Mutant</b>"),
        ("a/templates/t.html", "{{ a|upper }}", "filters removed", "{{ a }}"),
        ("a/templates/t.html", "{% block body %}", "block renamed", "{% block mutant_body %}"),
        ("a/templates/t.html", "{% if a %}", "condition negated", "{% if not a %}"),
        ("a/templates/t.html", "{% url 'home' %}", "url name changed", "{% url 'home-mutant' %}"),
        ("a/fixtures/t.json", '{"a": 1}', "value changed", '{"a": 2}'),
        ("a/locale/t.po", 'msgid "a"\nmsgstr "b"\n', "translation changed", None),
    ],
)
def test_texts_are_edited(path: str, text: str, operator: str, after: str | None) -> None:
    wanted = after or text.replace('"b"', '"mutant"')
    found = {
        (edit.operator, text[: edit.span[0]] + edit.new + text[edit.span[1] :])
        for edit in edits_of_text(path, text)
    }
    assert (operator, wanted) in found


def test_files_come_and_go() -> None:
    texts = {
        "a/templates/a/x.html": "x",
        "b/models.py": "",
        "b/migrations/0001_initial.py": 'migrations.CreateModel(\n    name="Thing",\n)',
    }
    found = {(m.effect, m.path) for m in files.find(texts, ["a", "b"])}
    assert found >= {
        ("remove", "b/models.py"),
        ("create", "b/templates/a/x.html"),
        ("create", "b/migrations/9999_mutant.py"),
    }


def test_a_mutant_is_applied_saved_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    mutant = Mutant(kind="k", operator="o", path="a.py", line=1, start=4, old="1", new="2")
    mutants.save(tmp_path / "mutants.json", [mutant])
    (loaded,) = mutants.load(tmp_path / "mutants.json")
    assert (loaded, loaded.id) == (mutant, mutant.id)
    assert "+x = 2" in mutant.diff(tmp_path)
    mutant.apply(tmp_path)
    assert file.read_text(encoding="utf-8") == "x = 2\n"
    with pytest.raises(MutantError):
        mutant.apply(tmp_path)


def test_bundles_hold_mutants_of_different_files() -> None:
    made = [
        Mutant(kind=kind, operator="o", path=path, line=1, start=0, old="a", new="b")
        for kind, path in [
            ("urls: names", "a.py"),
            ("urls: names", "a.py"),
            ("imports removed", "b.py"),
            ("urls: names", "c.py"),
            ("urls: names", "d.py"),
        ]
    ]
    found = [[mutant.path for mutant in bundle] for bundle in bundles.bundles(made, 3)]
    assert found == [["b.py"], ["a.py", "c.py", "d.py"], ["a.py"]]


def test_the_table_counts_by_kind_and_leaves_out_what_breaks_everything() -> None:
    mutant = Mutant(kind="urls: names", operator="o", path="a", line=1, start=0, old="a", new="b")

    def known(broken: int, selected: int, missed: list[str]) -> table.Known:
        tests = [f"t{number}" for number in range(broken)]
        verdict = Verdict(
            status="selected",
            discovered=10,
            selected=selected,
            full_run_reason=None,
            changes=[],
            missed=missed,
        )
        truth = Truth(status="ran", broken=tests, seconds=1)
        return table.Known(mutant=mutant, truth=truth, verdict=verdict, tests=10)

    rows = [known(10, 10, []), known(1, 2, ["t0"]), known(0, 0, []), known(3, 6, [])]
    assert list(table.table(rows))[-1] == (
        "| urls: names | 4 | 4 | 3 | 1 | 3 | 2 | **1** | 20.0% | 40.0% | 60.0% | 0 |"
    )
