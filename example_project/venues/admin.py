from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from example_project.venues.models import Section, Venue


class SectionInline(admin.TabularInline):
    model = Section
    extra = 0


@admin.register(Venue)
class VenueAdmin(admin.ModelAdmin):
    list_display = ["name", "city", "capacity", "seat_count", "is_open"]
    list_filter = ["city", "is_open"]
    search_fields = ["name", "city"]
    readonly_fields = ["created_at"]
    inlines = [SectionInline]
    actions = ["close_venues"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Venue]:
        return super().get_queryset(request).with_seat_count()

    @admin.display(description="Seats", ordering="seat_count")
    def seat_count(self, venue: Venue) -> int:
        return venue.seat_count

    @admin.action(description="Close selected venues")
    def close_venues(self, request: HttpRequest, queryset: QuerySet[Venue]) -> None:
        for venue in queryset:
            venue.is_open = False
            venue.save(update_fields=["is_open"])
        self.message_user(request, f"Closed {len(queryset)} venues.")
