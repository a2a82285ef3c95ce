"""What the payment service tells us on its own accord."""

import hashlib
import hmac

from django.conf import settings

from example_project.orders.models import Order, OrderStatus
from example_project.orders.services.payment import mark_paid


def sign(body: bytes) -> str:
    """Return the signature of a webhook's body: HMAC-SHA256 in hexadecimal digits."""
    return hmac.new(settings.PAYMENTS_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()


def is_authentic(body: bytes, signature: str) -> bool:
    return hmac.compare_digest(sign(body).encode(), signature.encode())


def handle(kind: str, charge: dict[str, str]) -> bool:
    """Act on a message; False where there is nothing to do, as when it comes a second time."""
    if kind != "charge.captured":
        return False
    order = Order.objects.filter(reference=charge["reference"]).first()
    if order is None or order.status != OrderStatus.RESERVED:
        return False
    mark_paid(order, charge_id=charge["id"])
    return True
