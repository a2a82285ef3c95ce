"""Tickets: the customer's own, and the scanner at the door."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.accounts.permissions import IsBoxOffice
from example_project.orders.filters import TicketFilter
from example_project.orders.models import Ticket
from example_project.orders.serializers import TicketSerializer
from example_project.orders.services.tickets import check_in


class TicketViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Ticket.objects.none()
    serializer_class = TicketSerializer
    permission_classes = [IsAuthenticated]
    lookup_field = "code"
    filterset_class = TicketFilter
    search_fields = ["code"]

    def get_queryset(self) -> QuerySet[Ticket]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        tickets = Ticket.objects.select_related("line__order__event", "line__ticket_type")
        if self.request.user.is_box_office:
            return tickets
        return tickets.filter(line__order__customer=self.request.user)

    @extend_schema(operation_id="tickets_check_in", request=None, responses=TicketSerializer)
    @action(detail=True, methods=["post"], url_path="check-in", permission_classes=[IsBoxOffice])
    def check_in(self, request: Request, code: str) -> Response:
        ticket = self.get_object()
        check_in(ticket, by=request.user)
        return Response(TicketSerializer(self.get_queryset().get(pk=ticket.pk)).data)
