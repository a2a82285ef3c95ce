"""The payment service, over HTTP. Its contract is ``openapi/payments.json``."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings

from example_project.exceptions import PaymentDeclinedError, PaymentUnavailableError
from example_project.money import to_minor_units


@dataclass(frozen=True, kw_only=True)
class Charge:
    id: str
    status: str
    amount: int
    """In minor units of the currency."""
    currency: str
    reference: str

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Charge":
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})


def _call(
    method: str,
    path: str,
    *,
    json: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """Send a request and return the JSON it is answered with.

    Raises PaymentDeclinedError for status 402, PaymentUnavailableError for all other failures.
    """
    url = settings.PAYMENTS_URL.rstrip("/") + path
    all_headers = {"Authorization": f"Bearer {settings.PAYMENTS_API_KEY}"} | (headers or {})
    try:
        response = requests.request(
            method,
            url,
            json=json,
            params=params,
            headers=all_headers,
            timeout=settings.PAYMENTS_TIMEOUT,
        )
        if response.status_code == requests.codes.payment_required:
            raise PaymentDeclinedError(response.json().get("message", "The payment was declined."))
        response.raise_for_status()
        return response.json()
    except requests.RequestException as error:
        raise PaymentUnavailableError("Payments are not available at the moment.") from error


def create_charge(*, amount: Decimal, currency: str, reference: str, source: str) -> Charge:
    """Authorise a payment. The reference keeps a repeated call from charging twice."""
    body = {
        "amount": to_minor_units(amount),
        "currency": currency,
        "reference": reference,
        "source": source,
    }
    headers = {"Idempotency-Key": reference}
    return Charge.from_json(_call("POST", "/charges", json=body, headers=headers))


def get_charge(charge_id: str) -> Charge:
    return Charge.from_json(_call("GET", f"/charges/{charge_id}"))


def list_charges(*, reference: str | None = None, limit: int = 20) -> list[Charge]:
    params: dict[str, Any] = {"limit": limit}
    if reference:
        params["reference"] = reference
    return [Charge.from_json(each) for each in _call("GET", "/charges", params=params)["data"]]


def capture_charge(charge_id: str) -> Charge:
    """Collect a payment that was authorised."""
    return Charge.from_json(_call("POST", f"/charges/{charge_id}/capture"))


def refund_charge(charge_id: str, *, amount: Decimal) -> str:
    """Pay back (part of) a captured payment; returns the refund's id."""
    body = {"amount": to_minor_units(amount)}
    return _call("POST", f"/charges/{charge_id}/refunds", json=body)["id"]


def is_healthy() -> bool:
    try:
        return _call("GET", "/health")["status"] == "ok"
    except PaymentUnavailableError:
        return False
