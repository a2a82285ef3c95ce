"""The reports part of the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAdminUser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from example_project.accounts.permissions import IsOrganiser
from example_project.events.models import Event
from example_project.reports import queries
from example_project.reports.renderers import CSVRenderer
from example_project.reports.serializers import (
    DayRowSerializer,
    OccupancyRowSerializer,
    PeriodSerializer,
    SalesRowSerializer,
)


class SalesReportView(APIView):
    """Paid orders per event: an organiser's own, all for staff."""

    permission_classes = [IsOrganiser]
    renderer_classes = [JSONRenderer, CSVRenderer]

    @extend_schema(operation_id="reports_sales", responses=SalesRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        rows = queries.sales_by_event(request.user)
        return Response(SalesRowSerializer(rows, many=True).data)


class OccupancyReportView(APIView):
    permission_classes = [IsOrganiser]

    @extend_schema(operation_id="reports_occupancy", responses=OccupancyRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        events = Event.objects.published().upcoming().with_sales()
        if not request.user.is_staff:
            events = events.filter(organiser=request.user)
        return Response(OccupancyRowSerializer(queries.occupancy(events), many=True).data)


class RevenueReportView(APIView):
    permission_classes = [IsAdminUser]

    @extend_schema(
        operation_id="reports_revenue",
        parameters=[PeriodSerializer],
        responses=DayRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        period = PeriodSerializer(data=request.query_params)
        period.is_valid(raise_exception=True)
        rows = queries.revenue_by_day(**period.validated_data)
        return Response(DayRowSerializer(rows, many=True).data)
