"""Names: ours are known again, and nobody else's is taken for one."""

from __future__ import annotations

import pytest

from cdds_django.runner.databases.names import base_of, fork_of, new_template, parsed


def test_ours_are_known_again():
    template = new_template("test_shop", "0123456789abcdef")
    our = parsed(template)
    assert our is not None
    assert (our.base, our.key, our.template, our.suffix) == ("test_shop", "01234567", template, "")
    fork = parsed(fork_of(template, 12))
    assert fork is not None
    assert (fork.template, fork.suffix) == (template, "12")
    assert parsed(fork_of(template, "new")).suffix == "new"


@pytest.mark.parametrize(
    "name",
    [
        "test_shop",
        "test_shop_1",
        "test_shop_cdds",
        "test_shop_cdds_01234567_abcd0000",
        "test_shop_cdds_01234567_abcd",
        "shop_cdds_backup",
    ],
)
def test_others_are_not(name):
    assert parsed(name) is None


def test_changed_digits_are_not_ours():
    template = new_template("test_shop", "0123456789abcdef")
    assert parsed(f"x{template}") is None
    assert parsed(f"{template}x") is None
    assert parsed(template[:-1]) is None


def test_names_fit_where_names_are_short():
    base = base_of("test_" + "long" * 30)
    assert base != base_of("test_" + "long" * 31)
    assert len(fork_of(new_template(base, "0" * 32), "120_old12")) <= 63
    assert base_of("Test-Shop") == "test_shop"
