from django.test import AsyncClient, SimpleTestCase
from django.urls import reverse
from store.models import Author, Book, Supplier

from tests.base import ApiCase
from tests.factories import make_book


class Books(ApiCase):
    @classmethod
    def setUpTestData(cls):
        for title, price in [("C", 30), ("A", 10), ("B", 20)]:
            make_book(title, price=price)

    def test_list(self):
        response = self.client.get("/books/")
        self.assertEqual([row["title"] for row in response.json()["results"]], ["A", "B"])
        self.assertEqual(set(response.json()["results"][0]), {"id", "title", "price", "author"})

    def test_label(self):
        self.assertEqual(self.client.get("/books/")["X-Label"], "plain")

    def test_filter(self):
        self.assertEqual(self.client.get("/books/?max=10").json()["count"], 1)

    def test_create(self):
        self.assertEqual(self.write("/books/", {"title": "D"}).json()["price"], 5)

    def test_create_too_cheap(self):
        self.assertEqual(self.write("/books/", {"title": "D", "price": -1}).status_code, 400)

    def test_create_unknown(self):
        response = self.client.post("/books/", {"title": "D"})
        self.assertEqual(response.status_code, 403)

    def test_retrieve(self):
        book = Book.objects.get(title="A")
        response = self.client.get(f"/books/{book.pk}/")
        self.assertEqual(set(response.json()["author"]), {"id", "name"})

    def test_brief(self):
        self.assertEqual(self.client.get("/books/brief/").json()[0], {"title": "A"})

    def test_reverse(self):
        self.assertEqual(reverse("book-list"), "/books/")


class Authors(ApiCase):
    def test_list(self):
        Author.objects.create(name="Zoe")
        Author.objects.create(name="Ann")
        names = [row["name"] for row in self.client.get("/authors/").json()]
        self.assertEqual(names, ["Ann", "Zoe"])

    def test_reverse(self):
        self.assertEqual(reverse("authors"), "/authors/")


class Suppliers(ApiCase):
    def test_list(self):
        Supplier.objects.create()
        self.assertEqual(self.client.get("/suppliers/").json(), [{"city": "Ulm"}])


class Texts(SimpleTestCase):
    def test_render(self):
        self.assertEqual(self.client.get("/lines/").content, b"version,1")

    def test_version(self):
        self.assertEqual(self.client.get("/lines/?v=2").content, b"version,2")

    def test_parse(self):
        response = self.client.post("/lines/", b"a;b", content_type="text/lines")
        self.assertEqual(response.content, b"a,b")


class Plain(SimpleTestCase):
    def test_ping(self):
        self.assertEqual(self.client.get("/ping/").json(), "pong")

    def test_ping_refuses(self):
        self.assertEqual(self.client.post("/ping/").status_code, 405)

    def test_stamp(self):
        self.assertEqual(self.client.get("/ping/")["X-Stamp"], "stamped")

    def test_isbn(self):
        self.assertEqual(self.client.get("/isbn/123/").json(), {"isbn": "123"})

    def test_isbn_unknown(self):
        self.assertEqual(self.client.get("/isbn/1234/").status_code, 404)

    def test_missing(self):
        self.assertEqual(self.client.get("/nowhere/").status_code, 404)

    def test_status(self):
        self.assertEqual(self.client.get("/status/").json(), {"status": "up"})

    async def test_status_async(self):
        response = await AsyncClient().get("/status/")
        self.assertEqual(response.status_code, 200)


class Functions(SimpleTestCase):
    def test_shelves(self):
        self.assertEqual(self.client.get("/functions/shelves/").json(), {"top": 1})

    def test_floor(self):
        self.assertEqual(self.client.get("/functions/floors/3/").json(), {"floor": 3})


class Pages(SimpleTestCase):
    def test_page(self):
        text = self.client.get("/page/").content.decode()
        self.assertIn("<title>Store!</title>", text.replace("\n", ""))
        self.assertIn("*one", text)
        self.assertIn('href="/ping/"', text)

    def test_footer(self):
        self.assertIn("end", self.client.get("/page/").content.decode())
