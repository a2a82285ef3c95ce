"""Finding vouchers that may be used."""

from example_project.events.models import Event
from example_project.exceptions import VoucherError
from example_project.orders.models import Voucher


def find_voucher(code: str, *, event: Event, lock: bool = False) -> Voucher | None:
    """Return the voucher for a code as typed, None for no code, VoucherError for a bad one."""
    code = code.strip().upper()
    if not code:
        return None
    vouchers = Voucher.objects.select_for_update() if lock else Voucher.objects.all()
    voucher = vouchers.usable().filter(code=code).first()
    if voucher is None:
        raise VoucherError(f"{code} is unknown or can't be used any more.")
    if voucher.event_id not in (None, event.pk):
        raise VoucherError(f"{code} is not for this event.")
    return voucher
