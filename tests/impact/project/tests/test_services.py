import asyncio
import threading
import unittest

from shop import services


class Functions(unittest.TestCase):
    def test_plain(self):
        self.assertEqual(services.plain(), 1)

    def test_helper(self):
        self.assertEqual(services.calls_helper(), 1)

    def test_nested(self):
        self.assertEqual(services.outer(), 1)

    def test_closure(self):
        self.assertEqual(services.closure(), 1)

    def test_decorated(self):
        self.assertEqual(services.decorated(), 2)

    def test_labelled(self):
        self.assertEqual(services.labelled_function.label, "LABEL")

    def test_generator(self):
        self.assertEqual(list(services.generate()), [1])

    def test_managed(self):
        with services.managed() as value:
            self.assertEqual(value, 1)

    def test_async(self):
        self.assertEqual(asyncio.run(services.async_function()), 1)

    def test_dispatched_int(self):
        self.assertEqual(services.dispatched(1), 1)

    def test_defaults(self):
        self.assertEqual(services.defaults(), 1)

    def test_lazy(self):
        self.assertEqual(services.imports_lazily(), 1)

    def test_thread(self):
        thread = threading.Thread(target=services.in_thread)
        thread.start()
        thread.join()

    def test_constant(self):
        self.assertEqual(services.CONSTANT, 1)


class Methods(unittest.TestCase):
    def test_inherited(self):
        self.assertEqual(services.Derived().inherited(), 1)

    def test_overridden(self):
        self.assertEqual(services.Derived().overridden(), 1)

    def test_own(self):
        self.assertEqual(services.Derived().own(), 1)

    def test_property(self):
        self.assertEqual(services.Derived().size, 1)

    def test_setter(self):
        services.Derived().size = 2

    def test_class_method(self):
        self.assertIsInstance(services.Derived.make(), services.Derived)

    def test_static(self):
        self.assertEqual(services.Derived.static(), 1)

    def test_unrelated(self):
        self.assertEqual(services.Unrelated().own(), 1)
