import functools


def doubled(function):
    @functools.wraps(function)
    def wrapper():
        return 2 * function()

    return wrapper


def labelled(label):
    name = label.upper()

    def decorate(function):
        function.label = name
        return function

    return decorate
