from django.urls import path

from example_project.events import pages

urlpatterns = [
    path("", pages.HomeView.as_view(), name="home"),
    path("events/<slug:slug>/", pages.EventPageView.as_view(), name="event-page"),
    path("events/<slug:slug>/remaining", pages.remaining, name="event-remaining"),
]
