"""The venues part of the API."""

from django.db.models import ProtectedError, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.accounts.permissions import IsStaffOrReadOnly
from example_project.exceptions import TransitionError
from example_project.venues import services
from example_project.venues.filters import VenueFilter
from example_project.venues.models import Section, Venue
from example_project.venues.serializers import (
    CitySerializer,
    SectionSerializer,
    VenueImageSerializer,
    VenueListSerializer,
    VenueSerializer,
)


class VenueViewSet(viewsets.ModelViewSet):
    queryset = Venue.objects.prefetch_related("sections")
    serializer_class = VenueSerializer
    permission_classes = [IsStaffOrReadOnly]
    lookup_field = "slug"
    filterset_class = VenueFilter
    search_fields = ["name", "city"]
    ordering_fields = ["name", "capacity"]

    def get_queryset(self) -> QuerySet[Venue]:
        if self.action == "list":
            return Venue.objects.all()
        return super().get_queryset()

    def get_serializer_class(self) -> type:
        if self.action == "list":
            return VenueListSerializer
        return super().get_serializer_class()

    def perform_destroy(self, instance: Venue) -> None:
        try:
            super().perform_destroy(instance)
        except ProtectedError as error:
            raise TransitionError("Events take place there; close the venue instead.") from error

    @extend_schema(
        operation_id="venues_upload_image",
        request={"multipart/form-data": VenueImageSerializer},
        responses=VenueSerializer,
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def image(self, request: Request, slug: str) -> Response:
        venue = self.get_object()
        serializer = VenueImageSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.replace_image(venue, serializer.validated_data["image"])
        return Response(self.get_serializer(venue).data)

    @extend_schema(operation_id="venues_delete_image", request=None, responses={204: None})
    @image.mapping.delete
    def delete_image(self, request: Request, slug: str) -> Response:
        self.get_object().image.delete(save=True)
        return Response(status=204)


@extend_schema(parameters=[OpenApiParameter("venue_slug", str, OpenApiParameter.PATH)])
class SectionViewSet(viewsets.ModelViewSet):
    """The sections of one venue."""

    queryset = Section.objects.none()
    serializer_class = SectionSerializer
    permission_classes = [IsStaffOrReadOnly]
    parser_classes = [JSONParser]
    pagination_class = None
    filter_backends = []
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_venue(self) -> Venue:
        return get_object_or_404(Venue, slug=self.kwargs["venue_slug"])

    def get_queryset(self) -> QuerySet[Section]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.get_venue().sections.all()

    def get_serializer_context(self) -> dict:
        context = super().get_serializer_context()
        if "venue_slug" in self.kwargs:
            context["venue"] = self.get_venue()
        return context

    def perform_create(self, serializer: SectionSerializer) -> None:
        serializer.save(venue=self.get_venue())


@extend_schema(operation_id="cities_list", responses=CitySerializer(many=True))
@api_view(["GET"])
@permission_classes([AllowAny])
def city_list(request: Request) -> Response:
    """Cities with open venues, for the search form of every page."""
    return Response(CitySerializer(services.cities(), many=True).data)
