from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase
from store import signals
from store.forms import BookForm, SearchForm
from store.models import Author, Book, Loan, Status, Supplier, Tag

from tests.base import ApiCase
from tests.factories import AuthorFactory, make_book


class Models(TestCase):
    def test_default(self):
        self.assertEqual((make_book().price, make_book().note), (5, "none"))

    def test_order(self):
        make_book("B"), make_book("A")
        self.assertEqual([book.title for book in Book.objects.all()], ["A", "B"])

    def test_cheap(self):
        make_book(price=11)
        self.assertEqual(Book.objects.cheap().count(), 0)

    def test_validator(self):
        book = make_book("x" * 31)
        with self.assertRaises(ValidationError):
            book.clean_fields(exclude=["note"])

    def test_choices(self):
        self.assertEqual(make_book().get_status_display(), "New")

    def test_str(self):
        self.assertEqual(str(make_book()), "Emma")

    def test_cascade(self):
        make_book().author.delete()
        self.assertEqual(Book.objects.count(), 0)

    def test_tags(self):
        book = make_book()
        book.tags.add(Tag.objects.create(word="new"))
        self.assertEqual(book.tags.count(), 1)


class Choices(SimpleTestCase):
    def test_label(self):
        self.assertEqual(Status.SOLD.label, "Sold")


class Members(TestCase):
    def test_nickname(self):
        self.assertEqual(get_user_model().objects.create(username="a").nickname, "new")

    def test_loan(self):
        member = get_user_model().objects.create(username="a")
        self.assertEqual(Loan.objects.create(member=member).days, 14)


class Suppliers(TestCase):
    def test_city(self):
        self.assertEqual(Supplier.objects.create().city, "Ulm")


class Signals(TestCase):
    def test_counted(self):
        self.assertEqual(make_book().changed, 1)

    def test_named(self):
        self.assertEqual(Author.objects.create(name="Ann").name, "ANN")

    def test_sold(self):
        log = []
        signals.sold.send(None, log=log)
        self.assertEqual(log, ["sold"])


class Forms(TestCase):
    def test_fields(self):
        self.assertEqual(list(BookForm().fields), ["title", "price"])

    def test_search(self):
        self.assertFalse(SearchForm({"words": "x" * 11}).is_valid())


class Admin(TestCase):
    def test_list(self):
        make_book()
        member = get_user_model().objects.create_superuser("root", password="root")
        self.client.force_login(member)
        self.assertContains(self.client.get("/admin/store/book/"), "column-price")


class Fixtures(TestCase):
    fixtures = ["tags"]

    def test_loaded(self):
        self.assertEqual(Tag.objects.get(pk=7).word, "seven")


class Migrated(TestCase):
    def test_first_tag(self):
        self.assertEqual(Tag.objects.get().word, "first")


class Commands(TestCase):
    def test_restock(self):
        call_command("restock")
        self.assertEqual([s.city for s in Supplier.objects.all()], ["Bonn", "Bonn"])


class Factories(TestCase):
    def test_book(self):
        self.assertEqual(make_book().title, "Emma")

    def test_author(self):
        self.assertEqual(AuthorFactory.create().name, "ANNE")


class Based(ApiCase):
    def test_member(self):
        self.assertEqual(self.member, "ann")
