"""The payment service: its messages to us, and whether it works."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
)
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.orders import gateway, webhooks
from example_project.orders.serializers import (
    PaymentHealthSerializer,
    WebhookAnswerSerializer,
    WebhookSerializer,
)


@extend_schema(
    operation_id="payments_webhook",
    parameters=[OpenApiParameter("X-Signature", str, OpenApiParameter.HEADER, required=True)],
    request=WebhookSerializer,
    responses=WebhookAnswerSerializer,
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
def webhook(request: Request) -> Response:
    """Called by the payment service, which proves itself by a signature."""
    body = request._request.body
    if not webhooks.is_authentic(body, request.headers.get("X-Signature", "")):
        raise PermissionDenied("The signature is wrong.")
    serializer = WebhookSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    message = serializer.validated_data
    handled = webhooks.handle(message["type"], message["charge"])
    return Response(WebhookAnswerSerializer({"handled": handled}).data)


@extend_schema(operation_id="payments_health", responses=PaymentHealthSerializer)
@api_view(["GET"])
@permission_classes([IsAdminUser])
def payments_health(request: Request) -> Response:
    return Response(PaymentHealthSerializer({"healthy": gateway.is_healthy()}).data)
