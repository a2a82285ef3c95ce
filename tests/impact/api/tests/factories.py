from store.models import Author, Book

DEFAULT_TITLE = "Emma"


def make_book(title=DEFAULT_TITLE, **fields):
    author = Author.objects.create(name="Jane")
    return Book.objects.create(title=title, author=author, **fields)


class AuthorFactory:
    name = "Anne"

    @classmethod
    def create(cls):
        return Author.objects.create(name=cls.name)
