"""The notifications part of the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.notifications.models import Notification, NotificationPreference
from example_project.notifications.serializers import (
    NotificationSerializer,
    PreferenceSerializer,
    UnreadCountSerializer,
)
from example_project.pagination import NewestFirstPagination


class NotificationViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirstPagination
    filterset_fields = ["kind"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Notification]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.request.user.notifications.all()

    @extend_schema(operation_id="notifications_mark_read", request=None)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        notification = self.get_object()
        self.get_queryset().filter(pk=notification.pk).mark_read()
        notification.refresh_from_db()
        return Response(NotificationSerializer(notification).data)

    @extend_schema(
        operation_id="notifications_mark_all_read", request=None, responses=UnreadCountSerializer
    )
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        self.get_queryset().mark_read()
        return Response(UnreadCountSerializer({"unread": 0}).data)

    @extend_schema(
        operation_id="notifications_unread_count", responses=UnreadCountSerializer, filters=False
    )
    @action(detail=False, pagination_class=None)
    def unread(self, request: Request) -> Response:
        count = self.get_queryset().unread().count()
        return Response(UnreadCountSerializer({"unread": count}).data)


class PreferenceView(generics.RetrieveUpdateAPIView):
    serializer_class = PreferenceSerializer
    permission_classes = [IsAuthenticated]
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> NotificationPreference:
        return NotificationPreference.objects.get_or_create(user=self.request.user)[0]
