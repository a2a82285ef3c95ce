from django.urls import include, path
from rest_framework.routers import DefaultRouter

from example_project.notifications import views

router = DefaultRouter()
router.include_root_view = False
router.register("", views.NotificationViewSet, basename="notification")

urlpatterns = [
    path("preferences/", views.PreferenceView.as_view(), name="notification-preferences"),
    path("", include(router.urls)),
]
