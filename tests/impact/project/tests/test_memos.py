"""Each value is used by two tests of one process, and computed in the first."""

import unittest

from shop import memos
from shop.memos import lru as renamed_on_import


class Memos(unittest.TestCase):
    def test_lru_first(self):
        self.assertEqual(memos.lru(), 1)

    def test_lru_second(self):
        self.assertEqual(renamed_on_import(), 1)

    def test_cached_first(self):
        self.assertEqual(memos.cached(1), 1)

    def test_cached_second(self):
        self.assertEqual(memos.cached(1), 1)

    def test_renamed_first(self):
        self.assertEqual(memos.renamed(), 1)

    def test_renamed_second(self):
        self.assertEqual(memos.renamed(), 1)

    def test_wrapped_first(self):
        self.assertEqual(memos.wrapped(), 1)

    def test_wrapped_second(self):
        self.assertEqual(memos.wrapped(), 1)

    def test_factory_first(self):
        self.assertEqual(memos.made_elsewhere(), 1)

    def test_factory_second(self):
        self.assertEqual(memos.made_elsewhere(), 1)

    def test_global_first(self):
        self.assertEqual(memos.global_memo(), 1)

    def test_global_second(self):
        self.assertEqual(memos.global_memo(), 1)

    def test_dict_first(self):
        self.assertEqual(memos.dict_memo(), 1)

    def test_dict_second(self):
        self.assertEqual(memos.dict_memo(), 1)

    def test_list_first(self):
        self.assertEqual(memos.list_memo(), 1)

    def test_list_second(self):
        self.assertEqual(memos.list_memo(), 1)

    def test_closure_first(self):
        self.assertEqual(memos.closure_memo(), 1)

    def test_closure_second(self):
        self.assertEqual(memos.closure_memo(), 1)

    def test_class_first(self):
        self.assertEqual(memos.Registry.instance(), 1)

    def test_class_second(self):
        self.assertEqual(memos.Registry.instance(), 1)

    def test_singleton_first(self):
        self.assertEqual(memos.service.value(), 1)

    def test_singleton_second(self):
        self.assertEqual(memos.service.value(), 1)

    def test_property_first(self):
        self.assertEqual(memos.service.kept, 1)

    def test_property_second(self):
        self.assertEqual(memos.service.kept, 1)

    def test_method_first(self):
        self.assertEqual(memos.service.kept_method(), 1)

    def test_method_second(self):
        self.assertEqual(memos.service.kept_method(), 1)

    def test_attribute_first(self):
        self.assertEqual(memos.attribute_memo(), 1)

    def test_attribute_second(self):
        self.assertEqual(memos.attribute_memo(), 1)

    def test_entry_first(self):
        self.assertEqual(memos.entry(), 1)

    def test_entry_second(self):
        self.assertEqual(memos.entry(), 1)

    def test_set_first(self):
        memos.fill_cache()

    def test_set_second(self):
        self.assertEqual(memos.from_cache(), 1)

    def test_nested_1(self):
        self.assertEqual(memos.inner(), 1)

    def test_nested_2(self):
        self.assertEqual(memos.outer(), 1)

    def test_nested_3(self):
        self.assertEqual(memos.outer(), 1)

    def test_unrelated(self):
        pass
