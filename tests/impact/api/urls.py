from django.contrib import admin
from django.urls import include, path, register_converter
from store.converters import Isbn

register_converter(Isbn, "isbn")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("store.urls")),
]
