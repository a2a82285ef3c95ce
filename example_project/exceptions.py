"""Errors of the domain, and how the API answers them."""

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler


class TicketingError(Exception):
    """A request that is well formed but against the rules of the business."""

    code = "conflict"
    status_code = status.HTTP_409_CONFLICT


class SoldOutError(TicketingError):
    code = "sold_out"


class OrderLimitError(TicketingError):
    code = "order_limit"
    status_code = status.HTTP_400_BAD_REQUEST


class NotOnSaleError(TicketingError):
    code = "not_on_sale"


class VoucherError(TicketingError):
    code = "invalid_voucher"
    status_code = status.HTTP_400_BAD_REQUEST


class TransitionError(TicketingError):
    code = "invalid_transition"


class ReservationExpiredError(TicketingError):
    code = "reservation_expired"


class PaymentDeclinedError(TicketingError):
    code = "payment_declined"
    status_code = status.HTTP_402_PAYMENT_REQUIRED


class PaymentUnavailableError(TicketingError):
    code = "payment_unavailable"
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE


class AccountLockedError(TicketingError):
    code = "account_locked"
    status_code = status.HTTP_423_LOCKED


def api_exception_handler(exc: Exception, context: dict) -> Response | None:
    """Answer domain errors with their code; leave everything else to DRF."""
    if isinstance(exc, TicketingError):
        return Response({"code": exc.code, "detail": str(exc)}, status=exc.status_code)
    return exception_handler(exc, context)
