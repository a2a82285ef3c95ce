import json
import os
from pathlib import Path

DATA = Path(__file__).parent / "data"
LIMITS = json.loads((DATA / "limits.json").read_text())


def prices():
    return json.loads((DATA / "prices.json").read_text())


def optional():
    try:
        return (DATA / "optional.txt").read_text()
    except FileNotFoundError:
        return None


def flag():
    return os.path.exists(DATA / "flag")


def names():
    return sorted(os.listdir(DATA))


def variable():
    return os.environ.get("SHOP_VARIABLE", "")


def early_template():
    return EARLY.render({})


from django.template import engines  # noqa: E402

EARLY = engines["django"].get_template("early.html")
