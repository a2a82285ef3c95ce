"""Orders: quote, checkout, payment and what follows."""

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action, api_view, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from example_project.orders.filters import OrderFilter
from example_project.orders.models import Order
from example_project.orders.serializers import (
    CheckoutSerializer,
    OrderListSerializer,
    OrderSerializer,
    PaymentSerializer,
    QuoteSerializer,
)
from example_project.orders.services import changes, checkout, payment
from example_project.orders.throttling import QuoteThrottle
from example_project.pagination import NewestFirstPagination


class OrderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Order.objects.none()
    serializer_class = OrderSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = NewestFirstPagination
    lookup_field = "reference"
    filterset_class = OrderFilter
    search_fields = ["reference", "customer__email"]
    ordering_fields = ["created_at"]

    def get_queryset(self) -> QuerySet[Order]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        orders = Order.objects.visible_to(self.request.user).select_related("event", "voucher")
        if self.action == "list":
            return orders.with_ticket_count()
        return orders.prefetch_related("lines__ticket_type", "lines__tickets")

    def get_serializer_class(self) -> type:
        return OrderListSerializer if self.action == "list" else OrderSerializer

    def represent(self, order: Order, **kwargs: int) -> Response:
        """Answer with the order as it is in the database now."""
        fresh = self.get_queryset().get(pk=order.pk)
        return Response(OrderSerializer(fresh).data, **kwargs)

    @extend_schema(request=CheckoutSerializer, responses={201: OrderSerializer})
    def create(self, request: Request) -> Response:
        serializer = CheckoutSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        order = checkout.reserve(
            request.user,
            serializer.quantities(),
            voucher_code=serializer.validated_data["voucher"],
        )
        return self.represent(order, status=status.HTTP_201_CREATED)

    @extend_schema(request=PaymentSerializer, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, reference: str) -> Response:
        serializer = PaymentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.represent(payment.pay(self.get_object(), **serializer.validated_data))

    @extend_schema(request=None, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, reference: str) -> Response:
        return self.represent(changes.cancel_order(self.get_object()))

    @extend_schema(request=None, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def refund(self, request: Request, reference: str) -> Response:
        return self.represent(payment.refund(self.get_object()))

    @extend_schema(responses={(200, "text/html"): OpenApiTypes.STR}, filters=False)
    @action(detail=True, renderer_classes=[TemplateHTMLRenderer])
    def receipt(self, request: Request, reference: str) -> Response:
        """The receipt as a page to print."""
        return Response({"order": self.get_object()}, template_name="orders/receipt.html")


@extend_schema(operation_id="orders_quote", request=CheckoutSerializer, responses=QuoteSerializer)
@api_view(["POST"])
@permission_classes([AllowAny])
@throttle_classes([QuoteThrottle])
def quote(request: Request) -> Response:
    """What an order would cost, without making it."""
    serializer = CheckoutSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    found = checkout.quote(
        serializer.quantities(), voucher_code=serializer.validated_data["voucher"]
    )
    return Response(QuoteSerializer(found).data)
