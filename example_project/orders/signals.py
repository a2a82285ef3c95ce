"""Signals that the orders app sends, after commit, with ``order``."""

from django.dispatch import Signal

order_paid = Signal()
order_cancelled = Signal()
order_refunded = Signal()
order_expired = Signal()
