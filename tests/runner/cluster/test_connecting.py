"""Schedulers that can't be used."""

from __future__ import annotations

import sys

import pytest

from cdds_django.errors import CddsError, ConfigurationError
from cdds_django.runner.cluster import connecting

pytest.importorskip("distributed")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://127.0.0.1:9", "127.0.0.1"])
def test_not_there(address, monkeypatch):
    monkeypatch.setattr(connecting, "_CONNECT_S", 0.5)
    with (
        pytest.raises(CddsError, match=f"no Dask scheduler that can be reached at {address} "),
        connecting.connected(address),
    ):
        pass


class Client:
    """Says what a client of a cluster would."""

    def __init__(self, **workers):
        versions = {"python": "3.13.0.final.0", "distributed": "2", "dask": "2", "msgpack": "1"}
        own = {"packages": {**versions, "cloudpickle": "1"}}
        told = {
            f"tcp://{name}": {"packages": {**own["packages"], **changed}}
            for name, changed in workers.items()
        }
        self.versions = {"client": own, "scheduler": own, "workers": told}

    def get_versions(self):
        return self.versions

    def nthreads(self):
        return dict.fromkeys(self.versions["workers"], 1)


def test_no_workers(monkeypatch):
    monkeypatch.setattr(connecting, "_WORKERS_S", 0.0)
    with pytest.raises(CddsError, match="at tcp://x has no workers"):
        connecting.require_workers(Client(), "tcp://x")
    connecting.require_workers(Client(a={}), "tcp://x")


def test_other_versions():
    connecting.require_same_versions(Client(a={}), "tcp://x")
    client = Client(a={}, b={"python": "3.12.4.final.0", "distributed": "1"})
    client.versions["scheduler"] = {
        "packages": {**client.versions["client"]["packages"], "dask": "1"}
    }
    with pytest.raises(CddsError) as caught:
        connecting.require_same_versions(client, "tcp://x")
    assert str(caught.value) == (
        "The Dask cluster at tcp://x has other versions than this process: "
        "the scheduler has dask 1, here it is 2; "
        "worker tcp://b has python 3.12.4, here it is 3.13.0; "
        "worker tcp://b has distributed 1, here it is 2. Install the same versions everywhere."
    )


def test_dask_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ConfigurationError, match=r"pip install 'cdds-django\[cluster\]'"),
        connecting.connected("tcp://x"),
    ):
        pass
