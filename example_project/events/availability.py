"""What is left of an event's tickets; cached for seconds, since event pages poll it."""

from django.core.cache import cache

from example_project.conf import rule
from example_project.events.models import Event


def availability_key(event_id: int) -> str:
    return f"events:availability:{event_id}"


def availability(event: Event) -> dict[str, object]:
    """Return what is left per ticket type, from the cache where that is fresh."""
    key = availability_key(event.pk)
    found = cache.get(key)
    if found is None:
        types = list(event.ticket_types.all())
        found = {
            "event": event.slug,
            "on_sale": event.is_on_sale,
            "remaining": sum(each.remaining for each in types),
            "ticket_types": [
                {"id": each.pk, "name": each.name, "remaining": each.remaining} for each in types
            ],
        }
        cache.set(key, found, rule("AVAILABILITY_CACHE_SECONDS"))
    return found


def forget_availability(event_id: int) -> None:
    cache.delete(availability_key(event_id))
