import os
from pathlib import Path

ROOT = Path(__file__).parent
SECRET_KEY = "for-tests-and-long-enough-for-all-of-them"
INSTALLED_APPS = [
    "store.apps.StoreConfig",
    "accounts",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ROOT / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
AUTH_USER_MODEL = "accounts.Member"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "urls"
USE_TZ = True
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "store.middleware.Stamp",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "store.context.title",
            ]
        },
    }
]
REST_FRAMEWORK = {
    "DEFAULT_PAGINATION_CLASS": "store.pagination.Pages",
    "DEFAULT_AUTHENTICATION_CLASSES": ["store.security.HeaderAuthentication"],
}
STORE_TITLE = os.environ.get("STORE_TITLE", "Store")
STORE_TAX = 2
STORE_CARRIER = "store.carriers.Fast"
CDDS = {"WATCH": ["rules/*.toml"]}
