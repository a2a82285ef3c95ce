from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.test import SimpleTestCase

from example_project.accounts.models import Role, User
from example_project.accounts.permissions import (
    IsBoxOffice,
    IsOrganiser,
    IsOrganiserOrReadOnly,
    IsStaffOrReadOnly,
)

USERS = {
    "nobody": AnonymousUser(),
    "customer": User(role=Role.CUSTOMER),
    "organiser": User(role=Role.ORGANISER),
    "door": User(role=Role.BOX_OFFICE),
    "staff": User(is_staff=True),
}


class PermissionTests(SimpleTestCase):
    def assertAllows(self, permission, method, expected):
        allowed = {
            name
            for name, user in USERS.items()
            if permission().has_permission(SimpleNamespace(method=method, user=user), None)
        }
        self.assertEqual(allowed, expected)

    def test_staff_or_read_only(self):
        self.assertAllows(IsStaffOrReadOnly, "GET", set(USERS))
        self.assertAllows(IsStaffOrReadOnly, "DELETE", {"staff"})

    def test_organiser_or_read_only(self):
        self.assertAllows(IsOrganiserOrReadOnly, "HEAD", set(USERS))
        self.assertAllows(IsOrganiserOrReadOnly, "POST", {"organiser", "staff"})

    def test_organiser(self):
        self.assertAllows(IsOrganiser, "GET", {"organiser", "staff"})

    def test_box_office(self):
        self.assertAllows(IsBoxOffice, "POST", {"door", "staff"})
