from django.urls import path

from example_project.reports.pages import DashboardView

urlpatterns = [path("dashboard/", DashboardView.as_view(), name="dashboard")]
