"""Vouchers: managed by staff, tried by customers."""

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.exceptions import TransitionError
from example_project.orders.models import Voucher
from example_project.orders.serializers import VoucherCheckSerializer, VoucherSerializer
from example_project.orders.services.vouchers import find_voucher


class VoucherViewSet(viewsets.ModelViewSet):
    queryset = Voucher.objects.select_related("event")
    serializer_class = VoucherSerializer
    permission_classes = [IsAdminUser]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    filterset_fields = ["percent_off"]
    search_fields = ["code"]

    def perform_destroy(self, instance: Voucher) -> None:
        if instance.orders.exists():
            raise TransitionError("The voucher was used; let it end instead.")
        super().perform_destroy(instance)


@extend_schema(
    operation_id="vouchers_check",
    request=VoucherCheckSerializer,
    responses=VoucherCheckSerializer,
)
@api_view(["POST"])
@permission_classes([AllowAny])
def check_voucher(request: Request) -> Response:
    """Whether a voucher can be used for an event."""
    serializer = VoucherCheckSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    voucher = find_voucher(
        serializer.validated_data["code"], event=serializer.validated_data["event"]
    )
    answer = {
        "code": voucher.code,
        "event": serializer.validated_data["event"],
        "percent_off": voucher.percent_off,
    }
    return Response(VoucherCheckSerializer(answer).data)
