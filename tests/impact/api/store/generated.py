"""Code that other code makes, and classes that are found without being named."""


class Plugin:
    known = {}

    def __init_subclass__(cls):
        cls.known[cls.__name__] = cls


class Csv(Plugin):
    suffix = "csv"


class Registered(type):
    classes = []

    def __new__(mcs, name, bases, namespace):
        made = super().__new__(mcs, name, bases, namespace)
        mcs.classes.append(made)
        return made


class Shape(metaclass=Registered):
    sides = 0


class Square(Shape):
    sides = 4


class Check:
    weight = 1


class Strict(Check):
    weight = 2


def total_weight():
    return sum(cls.weight for cls in Check.__subclasses__())


def with_label(label):
    def decorate(cls):
        cls.label = lambda self: label
        return cls

    return decorate


@with_label("made")
class Labelled:
    pass


HANDLERS = {}


def handles(name):
    def decorate(function):
        HANDLERS[name] = function
        return function

    return decorate


@handles("one")
def handle_one():
    return 1


def handle(name):
    return HANDLERS[name]()


def make_adder(amount):
    def add(number):
        return number + amount

    return add


add_two = make_adder(2)
