from django.test import SimpleTestCase
from rest_framework.exceptions import NotFound

from example_project import exceptions
from example_project.exceptions import TicketingError, api_exception_handler


class ExceptionHandlerTests(SimpleTestCase):
    def test_domain_error_has_code_and_text(self):
        response = api_exception_handler(exceptions.SoldOutError("Stalls: none left."), {})
        self.assertEqual(response.status_code, 409)
        self.assertEqual(response.data, {"code": "sold_out", "detail": "Stalls: none left."})

    def test_statuses(self):
        for error, status in [
            (exceptions.OrderLimitError, 400),
            (exceptions.PaymentDeclinedError, 402),
            (exceptions.TransitionError, 409),
            (exceptions.AccountLockedError, 423),
            (exceptions.PaymentUnavailableError, 503),
        ]:
            with self.subTest(error.__name__):
                self.assertEqual(api_exception_handler(error(), {}).status_code, status)

    def test_codes_are_unique(self):
        codes = [each.code for each in TicketingError.__subclasses__()]
        self.assertEqual(len(codes), len(set(codes)))

    def test_errors_of_the_framework_are_left_to_it(self):
        self.assertEqual(api_exception_handler(NotFound(), {}).status_code, 404)

    def test_bugs_are_not_hidden(self):
        self.assertIsNone(api_exception_handler(ZeroDivisionError(), {}))
