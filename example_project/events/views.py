"""The events part of the API."""

from django.db.models import ProtectedError, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, status, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.events import services
from example_project.events.availability import availability
from example_project.events.filters import EventFilter
from example_project.events.models import Category, Event, TicketType
from example_project.events.permissions import IsEventOwnerOrReadOnly
from example_project.events.serializers import (
    AvailabilitySerializer,
    CancellationSerializer,
    CategorySerializer,
    DuplicationSerializer,
    EventListSerializer,
    EventSerializer,
    EventWriteSerializer,
    TicketTypeSerializer,
)
from example_project.exceptions import TransitionError


class CategoryListView(generics.ListAPIView):
    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    permission_classes = [AllowAny]
    pagination_class = None
    filter_backends = []


class CategoryDetailView(generics.RetrieveAPIView):
    queryset = Category.objects.all()
    serializer_class = CategorySerializer
    permission_classes = [AllowAny]
    lookup_field = "slug"


@extend_schema_view(
    create=extend_schema(responses={201: EventSerializer}),
    update=extend_schema(responses=EventSerializer),
    partial_update=extend_schema(responses=EventSerializer),
)
class EventViewSet(viewsets.ModelViewSet):
    queryset = Event.objects.all()
    permission_classes = [IsEventOwnerOrReadOnly]
    lookup_field = "slug"
    filterset_class = EventFilter
    search_fields = ["title", "description", "venue__name"]
    ordering_fields = ["starts_at", "title", "min_price"]

    def get_queryset(self) -> QuerySet[Event]:
        events = Event.objects.visible_to(self.request.user).select_related(
            "venue", "category", "organiser"
        )
        if self.action == "list":
            return events.with_prices()
        return events.prefetch_related("ticket_types")

    def get_serializer_class(self) -> type:
        if self.action == "list":
            return EventListSerializer
        if self.action in {"create", "update", "partial_update"}:
            return EventWriteSerializer
        return EventSerializer

    def perform_create(self, serializer: EventWriteSerializer) -> None:
        serializer.save(organiser=self.request.user)

    def perform_destroy(self, instance: Event) -> None:
        try:
            super().perform_destroy(instance)
        except ProtectedError as error:
            raise TransitionError("Tickets were sold; cancel the event instead.") from error

    @extend_schema(request=None, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> Response:
        event = services.publish_event(self.get_object())
        return Response(EventSerializer(event).data)

    @extend_schema(request=CancellationSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, slug: str) -> Response:
        serializer = CancellationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        event = services.cancel_event(self.get_object(), **serializer.validated_data)
        return Response(EventSerializer(event).data)

    @extend_schema(request=DuplicationSerializer, responses={201: EventSerializer})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, slug: str) -> Response:
        serializer = DuplicationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        copy = services.duplicate_event(
            self.get_object(), organiser=request.user, **serializer.validated_data
        )
        return Response(EventSerializer(copy).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=AvailabilitySerializer, filters=False)
    @action(detail=True)
    def availability(self, request: Request, slug: str) -> Response:
        return Response(AvailabilitySerializer(availability(self.get_object())).data)


@extend_schema(parameters=[OpenApiParameter("event_slug", str, OpenApiParameter.PATH)])
class TicketTypeViewSet(viewsets.ModelViewSet):
    """The ticket types of one event."""

    queryset = TicketType.objects.none()
    serializer_class = TicketTypeSerializer
    permission_classes = [IsEventOwnerOrReadOnly]
    pagination_class = None
    filter_backends = []
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_event(self) -> Event:
        """Return the event of the route; writing to it is subject to its own permissions."""
        events = Event.objects.visible_to(self.request.user).select_related("venue")
        event = get_object_or_404(events, slug=self.kwargs["event_slug"])
        if self.request.method not in {"GET", "HEAD", "OPTIONS"}:
            self.check_object_permissions(self.request, event)
        return event

    def get_object(self) -> TicketType:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_queryset(self) -> QuerySet[TicketType]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.get_event().ticket_types.all()

    def get_serializer_context(self) -> dict:
        context = super().get_serializer_context()
        if "event_slug" in self.kwargs:
            context["event"] = self.get_event()
        return context

    def perform_create(self, serializer: TicketTypeSerializer) -> None:
        serializer.save(event=serializer.context["event"])

    def perform_destroy(self, instance: TicketType) -> None:
        if instance.taken:
            raise TransitionError("Tickets of this type are taken.")
        super().perform_destroy(instance)


@extend_schema(
    operation_id="events_upcoming",
    parameters=[OpenApiParameter("days", int, description="How far to look ahead; 7 unless told")],
    responses=EventListSerializer(many=True),
)
@api_view(["GET"])
@permission_classes([AllowAny])
def upcoming(request: Request) -> Response:
    """The next events on sale, for the front page."""
    events = services.upcoming_events(days=request.query_params.get("days", "7"))
    return Response(EventListSerializer(events, many=True).data)
