from django.urls import include, path
from rest_framework.routers import DefaultRouter

from example_project.venues import views

router = DefaultRouter()
router.include_root_view = False
router.register("venues", views.VenueViewSet, basename="venue")
router.register(
    r"venues/(?P<venue_slug>[^/.]+)/sections", views.SectionViewSet, basename="venue-section"
)

urlpatterns = [
    path("cities/", views.city_list, name="city-list"),
    path("", include(router.urls)),
]
