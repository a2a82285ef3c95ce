from django.urls import include, path
from rest_framework.routers import SimpleRouter

from store import views
from store.functions import api

router = SimpleRouter()
router.register("books", views.BookViewSet)

urlpatterns = [
    path("authors/", views.AuthorList.as_view(), name="authors"),
    path("suppliers/", views.SupplierList.as_view()),
    path("lines/", views.Lines.as_view()),
    path("ping/", views.ping, name="ping"),
    path("status/", views.status),
    path("page/", views.page),
    path("isbn/<isbn:number>/", views.isbn),
    path("functions/", include(api.urls)),
    path("", include(router.urls)),
]
