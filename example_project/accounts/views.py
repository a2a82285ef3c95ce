"""The accounts part of the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from example_project.accounts import services
from example_project.accounts.models import Role, User
from example_project.accounts.serializers import (
    LoginSerializer,
    PasswordChangeSerializer,
    RegistrationSerializer,
    UserSerializer,
)
from example_project.accounts.throttling import LoginThrottle


class RegisterView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="accounts_register",
        request=RegistrationSerializer,
        responses={201: RegistrationSerializer},
    )
    def post(self, request: Request) -> Response:
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user, token = services.register_user(**serializer.validated_data)
        user.token = token.key
        return Response(RegistrationSerializer(user).data, status=status.HTTP_201_CREATED)


class LoginView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(
        operation_id="accounts_login", request=LoginSerializer, responses=LoginSerializer
    )
    def post(self, request: Request) -> Response:
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token = services.log_in(request, **serializer.validated_data)
        if token is None:
            raise AuthenticationFailed("Unknown e-mail address or wrong password.")
        email = serializer.validated_data["email"]
        return Response(LoginSerializer({"email": email, "token": token.key}).data)


@extend_schema(operation_id="accounts_logout", request=None, responses={204: None})
@api_view(["POST"])
@permission_classes([IsAuthenticated])
def logout(request: Request) -> Response:
    services.log_out(request, request.user)
    return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(generics.RetrieveUpdateAPIView):
    """The user's own account."""

    serializer_class = UserSerializer
    permission_classes = [IsAuthenticated]
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        return self.request.user


class PasswordView(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="accounts_change_password",
        request=PasswordChangeSerializer,
        responses=PasswordChangeSerializer,
    )
    def post(self, request: Request) -> Response:
        serializer = PasswordChangeSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        token = services.change_password(request.user, serializer.validated_data["new_password"])
        return Response(PasswordChangeSerializer({"token": token.key}).data)


class OrganiserListView(generics.ListAPIView):
    """Everybody who may put events on sale; for staff."""

    serializer_class = UserSerializer
    permission_classes = [IsAdminUser]
    search_fields = ["email", "first_name", "last_name"]

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(role=Role.ORGANISER, is_active=True)
