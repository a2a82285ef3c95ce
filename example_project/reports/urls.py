from django.urls import path

from example_project.reports import views

urlpatterns = [
    path("sales/", views.SalesReportView.as_view(), name="report-sales"),
    path("occupancy/", views.OccupancyReportView.as_view(), name="report-occupancy"),
    path("revenue/", views.RevenueReportView.as_view(), name="report-revenue"),
]
