import os
from pathlib import Path

ROOT = Path(__file__).parent
SECRET_KEY = "for-tests"
INSTALLED_APPS = ["shop.apps.ShopConfig", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ROOT / "db.sqlite3"}}
ROOT_URLCONF = "shop.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CURRENCY = os.environ.get("SHOP_CURRENCY", "EUR")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "overrides"],
        "APP_DIRS": True,
    }
]
