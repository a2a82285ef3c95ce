from django.urls import path

from shop import views

urlpatterns = [
    path("hello/", views.hello),
    path("cached/", views.cached),
    path("page/", views.page),
]
