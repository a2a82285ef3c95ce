"""Stand-ins for the payment service."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock

from django.test import override_settings

from example_project.orders.gateway import Charge

GATEWAY = "example_project.orders.gateway"


class GatewayMixin:
    """Replaces the calls to the payment service, which then all succeed, in every test."""

    def setUp(self) -> None:
        super().setUp()
        self.create_charge = self._replace("create_charge", self._charge("authorized"))
        self.capture_charge = self._replace("capture_charge", self._charge("captured"))
        self.refund_charge = self._replace("refund_charge", "re_1")

    def _replace(self, name: str, answer: object) -> mock.Mock:
        patcher = mock.patch(f"{GATEWAY}.{name}", autospec=True, return_value=answer)
        self.addCleanup(patcher.stop)
        return patcher.start()

    def _charge(self, status: str) -> Charge:
        return Charge(id="ch_1", status=status, amount=4375, currency="GBP", reference="T-TEST")


class FakePayments:
    """A payment service on a port of this machine that gives prepared answers.

    ``answers`` maps ``"METHOD /path"`` to (status, JSON); ``received`` lists requests as they came.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, object]] = {}
        self.received: list[dict[str, object]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                path, _, query = self.path.partition("?")
                fake.received.append(
                    {
                        "method": self.command,
                        "path": path,
                        "query": query,
                        "headers": dict(self.headers),
                        "json": json.loads(self.rfile.read(length)) if length else None,
                    }
                )
                missing = (404, {"code": "not_found", "message": "No such charge."})
                status, data = fake.answers.get(f"{self.command} {path}", missing)
                body = data.encode() if isinstance(data, str) else json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815

            def log_message(self, *args: object) -> None:
                """Keep the test output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class FakePaymentsMixin:
    """One service per class; its answers and what it received are new for each test."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.payments = FakePayments()
        cls.payments.start()
        cls.addClassCleanup(cls.payments.stop)

    def setUp(self) -> None:
        super().setUp()
        self.payments.answers.clear()
        self.payments.received.clear()
        override = override_settings(PAYMENTS_URL=self.payments.url, PAYMENTS_TIMEOUT=5)
        override.enable()
        self.addCleanup(override.disable)
