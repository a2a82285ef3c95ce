"""Codes that people read out over the phone: no 0, O, 1, I or L."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_order_reference() -> str:
    return f"T-{new_code(8)}"


def new_ticket_code() -> str:
    return new_code(12)
