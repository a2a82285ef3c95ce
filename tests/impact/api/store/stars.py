from store.constants import *  # noqa: F403


def starred():
    return LIMIT  # noqa: F405
