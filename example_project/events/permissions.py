from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from example_project.accounts.permissions import IsOrganiserOrReadOnly
from example_project.events.models import Event


class IsEventOwnerOrReadOnly(IsOrganiserOrReadOnly):
    """Organisers change their own events only; staff any."""

    message = "Only the event's organiser may change it."

    def has_object_permission(self, request: Request, view: APIView, obj: Event) -> bool:
        if request.method in SAFE_METHODS or request.user.is_staff:
            return True
        return obj.organiser_id == request.user.pk
