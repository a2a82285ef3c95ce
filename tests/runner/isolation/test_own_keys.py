"""`clear()` on a server that others use."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings

from cdds_django.runner.isolation.own_keys import clearing_own_keys, is_on_server, own_keys

REDIS = ["django.core.cache.backends.redis.RedisCache", "django_redis.cache.RedisCache"]


@pytest.fixture(autouse=True)
def configured():
    if not settings.configured:
        settings.configure()


def test_only_servers_need_it():
    for name in ("locmem.LocMemCache", "db.DatabaseCache", "filebased.FileBasedCache"):
        backend = f"django.core.cache.backends.{name}"
        assert clearing_own_keys(backend) == backend
        assert not is_on_server(backend)
    assert is_on_server(clearing_own_keys(REDIS[0]))


@pytest.mark.parametrize("backend", REDIS)
def test_worker_1_spares_worker_11(backend, redis_url, redis_client):
    pytest.importorskip(backend.partition(".")[0])

    def config(prefix):
        own = clearing_own_keys(backend)
        return {"BACKEND": own, "LOCATION": redis_url, "KEY_PREFIX": prefix}

    with override_settings(CACHES={"default": config("run-1:"), "b": config("run-11:")}):
        for alias in ("default", "b"):
            caches[alias].set("key", 1)
            caches[alias].set("key", 1, version=2)
        redis_client.set("foreign", 1)
        caches["default"].clear()
        assert caches["default"].get("key") is None
        assert caches["b"].get("key") == 1
    assert len(redis_client.keys()) == 3


def test_memcached(memcached):
    backend = "django.core.cache.backends.memcached.PyMemcacheCache"

    def config(prefix):
        own = clearing_own_keys(backend)
        return {"BACKEND": own, "LOCATION": memcached, "KEY_PREFIX": prefix}

    caches_of_two = {"default": config(f"{uuid4()}-1:"), "b": config(f"{uuid4()}-11:")}
    with override_settings(CACHES=caches_of_two):
        for alias in ("default", "b"):
            caches[alias].set("key", 1)
            caches[alias].add("key", 1, version=2)
        assert len(own_keys(caches["default"])) == 2
        caches["default"].clear()
        assert caches["default"].get("key") is None
        assert caches["default"].get("key", version=2) is None
        assert own_keys(caches["default"]) == []
        assert caches["b"].get("key", version=2) == 1
        caches["b"].clear()


def test_own_key_function(redis_url, redis_client):
    config = {
        "BACKEND": clearing_own_keys(REDIS[0]),
        "LOCATION": redis_url,
        "KEY_PREFIX": "run-1:",
        "KEY_FUNCTION": lambda key, prefix, version: f"v{version}/{prefix}/{key}",
    }
    with override_settings(CACHES={"default": config}):
        caches["default"].set("key", 1)
        caches["default"].clear()
    assert redis_client.keys() == []


@pytest.mark.parametrize(("ignoring", "expected"), [(True, False), (False, None)])
def test_unreachable_server(ignoring, expected):
    pytest.importorskip("django_redis")
    config = {
        "BACKEND": clearing_own_keys(REDIS[1]),
        "LOCATION": "redis://127.0.0.1:1",
        "OPTIONS": {"IGNORE_EXCEPTIONS": ignoring},
    }
    with override_settings(CACHES={"default": config}):
        if ignoring:
            assert caches["default"].clear() is expected
        else:
            with pytest.raises(Exception, match=r"Connection|connect"):
                caches["default"].clear()
