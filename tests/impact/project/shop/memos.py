"""What is computed once per process and used by whoever comes later."""

import functools

from django.core.cache import cache

from shop.computing import (
    attribute_body,
    cached_body,
    class_body,
    closure_body,
    dict_body,
    entry_body,
    factory_body,
    global_body,
    list_body,
    lru_body,
    method_body,
    nested_body,
    property_body,
    renamed_body,
    set_body,
    singleton_body,
    wrapped_body,
)


@functools.lru_cache(maxsize=8)
def lru():
    return lru_body()


@functools.cache
def cached(key):
    return cached_body()


def _renamed():
    return renamed_body()


renamed = functools.lru_cache(_renamed)


def logged(function):
    def logging(*args):
        return function(*args)

    return logging


@logged
@functools.cache
def wrapped():
    return wrapped_body()


def make_cached():
    @functools.cache
    def made():
        return factory_body()

    return made


made_elsewhere = make_cached()

_global_value = None


def global_memo():
    global _global_value
    if _global_value is None:
        _global_value = global_body()
    return _global_value


_dict = {}


def dict_memo(key="one"):
    if key not in _dict:
        _dict[key] = dict_body()
    return _dict[key]


_list = []


def list_memo():
    if not _list:
        _list.append(list_body())
    return _list[0]


def memoize(function):
    results = {}

    def remember():
        if "result" not in results:
            results["result"] = function()
        return results["result"]

    return remember


@memoize
def closure_memo():
    return closure_body()


class Registry:
    _instance = None

    @classmethod
    def instance(cls):
        if cls._instance is None:
            cls._instance = class_body()
        return cls._instance


class Service:
    def __init__(self):
        self._value = None

    def value(self):
        if self._value is None:
            self._value = singleton_body()
        return self._value

    @functools.cached_property
    def kept(self):
        return property_body()

    @functools.lru_cache  # noqa: B019
    def kept_method(self):
        return method_body()


service = Service()


class Config:
    loaded = None


def attribute_memo():
    if Config.loaded is None:
        Config.loaded = attribute_body()
    return Config.loaded


def entry():
    return cache.get_or_set("entry", entry_body)


def fill_cache():
    cache.set("filled", set_body())


def from_cache():
    return cache.get("filled")


@functools.cache
def inner():
    return nested_body()


@functools.cache
def outer():
    return inner()
