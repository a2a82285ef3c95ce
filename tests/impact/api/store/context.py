from django.conf import settings

SUFFIX = "!"


def title(request):
    return {"title": settings.STORE_TITLE + SUFFIX}
