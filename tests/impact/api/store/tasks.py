"""Tasks that are called by name, as a queue does."""

TASKS = {}


def task(function):
    TASKS[f"store.tasks.{function.__name__}"] = function
    return function


def send(name, *args):
    return TASKS[name](*args)


FACTOR = 2


@task
def double(number):
    return number * FACTOR


@task
def negate(number, sign=-1):
    return sign * number
