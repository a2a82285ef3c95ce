from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from example_project.events.models import Category, Event, TicketType
from example_project.events.services import publish_event
from example_project.exceptions import TicketingError


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    prepopulated_fields = {"slug": ["name"]}


class TicketTypeInline(admin.TabularInline):
    model = TicketType
    extra = 0
    readonly_fields = ["taken"]


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "venue", "starts_at", "status", "sold_share"]
    list_filter = ["status", "category", "venue__city"]
    search_fields = ["title", "venue__name"]
    autocomplete_fields = ["venue", "organiser"]
    date_hierarchy = "starts_at"
    readonly_fields = ["status", "published_at"]
    inlines = [TicketTypeInline]
    actions = ["publish"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).select_related("venue").with_sales()

    @admin.display(description="Sold")
    def sold_share(self, event: Event) -> str:
        if not event.tickets_total:
            return "nothing to sell"
        return f"{event.tickets_taken / event.tickets_total:.0%}"

    @admin.action(description="Publish selected events")
    def publish(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            try:
                publish_event(event)
            except TicketingError as error:
                self.message_user(request, f"{event}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{event} is on sale.", messages.SUCCESS)
