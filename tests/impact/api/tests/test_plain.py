from unittest import TestCase

from django.conf import settings
from store import constants, facade, generated, lookups, stars, tasks
from store.prices import gross


class Values(TestCase):
    def test_rate(self):
        self.assertEqual(facade.PRICE_RATE, 3)

    def test_star(self):
        self.assertEqual(stars.starred(), 10)

    def test_words(self):
        self.assertEqual(constants.WORDS, ["a", "b"])

    def test_enum(self):
        self.assertEqual(constants.Colour("red").name, "RED")

    def test_dataclass(self):
        self.assertEqual(constants.Size(), constants.Size(1, 2))

    def test_computed(self):
        self.assertEqual(constants.SQUARES[2], 4)

    def test_optional(self):
        self.assertEqual(facade.FACTOR, 1)


class Lookups(TestCase):
    def test_carrier(self):
        self.assertEqual(lookups.carrier(), 1)

    def test_named(self):
        self.assertEqual(lookups.named(), 9)

    def test_attribute(self):
        self.assertEqual(lookups.attribute("_PRIVATE"), 1)

    def test_rate(self):
        self.assertEqual(lookups.rate("de"), 19)

    def test_late(self):
        self.assertEqual(lookups.late(), 7)

    def test_own(self):
        self.assertEqual(lookups.own("FEE"), 5)


class Generated(TestCase):
    def test_init_subclass(self):
        self.assertEqual(generated.Plugin.known["Csv"].suffix, "csv")

    def test_metaclass(self):
        self.assertEqual([cls.sides for cls in generated.Registered.classes], [0, 4])

    def test_subclasses(self):
        self.assertEqual(generated.total_weight(), 2)

    def test_class_decorator(self):
        self.assertEqual(generated.Labelled().label(), "made")

    def test_handler(self):
        self.assertEqual(generated.handle("one"), 1)

    def test_closure(self):
        self.assertEqual(generated.add_two(1), 3)


class Tasks(TestCase):
    def test_double(self):
        self.assertEqual(tasks.send("store.tasks.double", 2), 4)

    def test_negate(self):
        self.assertEqual(tasks.send("store.tasks.negate", 2), -2)


class Settings(TestCase):
    def test_tax(self):
        self.assertEqual(gross(2), 4)

    def test_title(self):
        self.assertEqual(settings.STORE_TITLE, "Store")


class Unrelated(TestCase):
    def test_nothing(self):
        pass
