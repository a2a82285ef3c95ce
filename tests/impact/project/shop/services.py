import contextlib
import functools

from shop.decorators import doubled, labelled


def plain():
    return 1


def helper():
    return 1


def calls_helper():
    return helper()


def outer():
    def inner():
        return 1

    return inner()


def make_closure():
    def closure():
        return 1

    return closure


closure = make_closure()


class Base:
    attribute = 1

    def inherited(self):
        return 1

    def overridden(self):
        return 1


class Derived(Base):
    def own(self):
        return 1

    @property
    def size(self):
        return 1

    @size.setter
    def size(self, value):
        value + 1

    @classmethod
    def make(cls):
        return cls()

    @staticmethod
    def static():
        return 1


class Unrelated:
    def own(self):
        return 1


@doubled
def decorated():
    return 1


@labelled("label")
def labelled_function():
    return 1


def generate():
    yield 1


@contextlib.contextmanager
def managed():
    yield 1


async def async_function():
    return 1


@functools.singledispatch
def dispatched(value):
    return 0


@dispatched.register
def _(value: int):
    return 1


@dispatched.register
def _(value: str):
    return 2


def defaults(value=1):
    """Say what it gives."""
    return value


def imports_lazily():
    from shop import lazy

    return lazy.value()


def in_thread():
    return 1


def compute():
    return 1


CONSTANT = compute()
