from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from example_project.exceptions import TicketingError
from example_project.money import format_money
from example_project.orders.models import Order, OrderLine, Ticket, Voucher
from example_project.orders.services.changes import cancel_order


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    extra = 0
    can_delete = False
    readonly_fields = ["ticket_type", "quantity", "unit_price"]

    def has_add_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["reference", "customer", "event_link", "status", "price", "created_at"]
    list_filter = ["status", "currency"]
    search_fields = ["reference", "customer__email"]
    list_select_related = ["customer", "event"]
    inlines = [OrderLineInline]
    actions = ["cancel_orders"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Orders come from checkout, which takes the tickets from stock."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Order | None = None) -> list[str]:
        return [field.name for field in Order._meta.fields]

    @admin.display(description="Event", ordering="event__title")
    def event_link(self, order: Order) -> str:
        url = reverse("admin:events_event_change", args=[order.event_id])
        return format_html('<a href="{}">{}</a>', url, order.event)

    @admin.display(description="Total", ordering="total")
    def price(self, order: Order) -> str:
        return format_money(order.total, order.currency)

    @admin.action(description="Cancel selected reservations")
    def cancel_orders(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        done = 0
        for order in queryset:
            try:
                cancel_order(order)
            except TicketingError as error:
                self.message_user(request, f"{order}: {error}", messages.ERROR)
            else:
                done += 1
        self.message_user(request, f"Cancelled {done} reservations.")


@admin.register(Voucher)
class VoucherAdmin(admin.ModelAdmin):
    list_display = ["code", "percent_off", "event", "uses", "max_uses", "valid_until"]
    list_filter = ["percent_off"]
    search_fields = ["code"]
    readonly_fields = ["uses"]


@admin.register(Ticket)
class TicketAdmin(admin.ModelAdmin):
    list_display = ["code", "status", "checked_in_at"]
    list_filter = ["status"]
    search_fields = ["code", "line__order__reference"]
    raw_id_fields = ["line", "checked_in_by"]
