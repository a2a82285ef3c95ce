"""Tickets at the door."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from example_project.exceptions import TransitionError
from example_project.orders.models import Ticket, TicketStatus


@transaction.atomic
def check_in(ticket: Ticket, *, by: Any) -> Ticket:
    """Let one person in; a ticket works once."""
    ticket = Ticket.objects.select_for_update(of=["self"]).get(pk=ticket.pk)
    if ticket.status == TicketStatus.USED:
        when = timezone.localtime(ticket.checked_in_at)
        raise TransitionError(f"This ticket was used at {when:%H:%M}.")
    if ticket.status == TicketStatus.VOID:
        raise TransitionError("This ticket is void.")
    ticket.status = TicketStatus.USED
    ticket.checked_in_at = timezone.now()
    ticket.checked_in_by = by
    ticket.save(update_fields=["status", "checked_in_at", "checked_in_by"])
    return ticket
