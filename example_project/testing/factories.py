"""Factories of the models, with defaults that make an event on sale."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from example_project.accounts.models import Role, User
from example_project.events.models import Category, Currency, Event, EventStatus, TicketType
from example_project.orders.models import Order, OrderLine, OrderStatus, Ticket, Voucher
from example_project.venues.models import Section, Venue

PASSWORD = "correct-horse-42"


class UserFactory(factory.django.DjangoModelFactory):
    """Users who can log in with ``PASSWORD``; pass ``password=None`` where nobody logs in."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    first_name = "Robin"
    last_name = factory.Sequence(lambda n: f"Fletcher {n}")
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class OrganiserFactory(UserFactory):
    email = factory.Sequence(lambda n: f"organiser{n}@example.com")
    role = Role.ORGANISER


class BoxOfficeFactory(UserFactory):
    email = factory.Sequence(lambda n: f"door{n}@example.com")
    role = Role.BOX_OFFICE


class StaffFactory(UserFactory):
    email = factory.Sequence(lambda n: f"staff{n}@example.com")
    is_staff = True
    is_superuser = True


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    name = factory.Sequence(lambda n: f"Hall {n}")
    city = "London"
    capacity = 500


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    venue = factory.SubFactory(VenueFactory)
    name = factory.Sequence(lambda n: f"Block {n}")
    seats = 50


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ["slug"]

    slug = "concerts"
    name = factory.LazyAttribute(lambda category: category.slug.title())


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Evening {n}")
    venue = factory.SubFactory(VenueFactory)
    category = factory.SubFactory(CategoryFactory)
    organiser = factory.SubFactory(OrganiserFactory, password=None)
    status = EventStatus.PUBLISHED
    currency = Currency.GBP
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))


class TicketTypeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TicketType

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Standing {n}")
    price = Decimal("20.00")
    quantity = 100


class VoucherFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Voucher

    code = factory.Sequence(lambda n: f"SPRING-{n:04}")
    percent_off = 10


class OrderFactory(factory.django.DjangoModelFactory):
    """An order as it is after checkout, but for its lines and what they take from stock."""

    class Meta:
        model = Order

    customer = factory.SubFactory(UserFactory, password=None)
    event = factory.SubFactory(EventFactory)
    currency = factory.SelfAttribute("event.currency")
    subtotal = Decimal("40.00")
    fees = Decimal("3.75")
    total = Decimal("43.75")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=15))


class PaidOrderFactory(OrderFactory):
    status = OrderStatus.PAID
    charge_id = factory.Sequence(lambda n: f"ch_{n}")
    paid_at = factory.LazyFunction(timezone.now)


class OrderLineFactory(factory.django.DjangoModelFactory):
    """A line whose tickets are taken from stock, as checkout does."""

    class Meta:
        model = OrderLine
        skip_postgeneration_save = True

    order = factory.SubFactory(OrderFactory)
    ticket_type = factory.SubFactory(
        TicketTypeFactory, event=factory.SelfAttribute("..order.event")
    )
    quantity = 2
    unit_price = factory.SelfAttribute("ticket_type.price")

    @factory.post_generation
    def take_from_stock(self: OrderLine, create: bool, extracted: object, **kwargs: object) -> None:
        self.ticket_type.taken += self.quantity
        self.ticket_type.save(update_fields=["taken"])


class TicketFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ticket

    line = factory.SubFactory(OrderLineFactory, order=factory.SubFactory(PaidOrderFactory))
