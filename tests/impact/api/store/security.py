from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.throttling import BaseThrottle


class HeaderAuthentication(BaseAuthentication):
    header = "HTTP_X_MEMBER"

    def authenticate(self, request):
        name = request.META.get(self.header)
        return (Known(name), None) if name else None


class Known:
    is_authenticated = True

    def __init__(self, name):
        self.name = name


class MayWrite(BasePermission):
    def has_permission(self, request, view):
        return request.method == "GET" or bool(request.user.is_authenticated)


class Never(BasePermission):
    def has_permission(self, request, view):
        return False


class Generous(BaseThrottle):
    allowed = True

    def allow_request(self, request, view):
        return self.allowed
