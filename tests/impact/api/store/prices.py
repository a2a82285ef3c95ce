from django.conf import settings


def gross(price):
    return price * settings.STORE_TAX
