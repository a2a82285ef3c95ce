from django.urls import include, path
from rest_framework.routers import DefaultRouter

from example_project.orders.views.orders import OrderViewSet, quote
from example_project.orders.views.payments import payments_health, webhook
from example_project.orders.views.tickets import TicketViewSet
from example_project.orders.views.vouchers import VoucherViewSet, check_voucher

router = DefaultRouter()
router.include_root_view = False
router.register("orders", OrderViewSet, basename="order")
router.register("tickets", TicketViewSet, basename="ticket")
router.register("vouchers", VoucherViewSet, basename="voucher")

urlpatterns = [
    path("orders/quote/", quote, name="order-quote"),
    path("vouchers/check/", check_voucher, name="voucher-check"),
    path("payments/webhook/", webhook, name="payment-webhook"),
    path("payments/health/", payments_health, name="payment-health"),
    path("", include(router.urls)),
]
