"""Resources of an awkward document: what clients write is what they read."""

from __future__ import annotations

import json

import pytest

from tests.mock.conftest import Client, headers_of

ORDER = {"customer": "Ada", "lines": [{"sku": "ABC-0001", "quantity": 2}]}
PRODUCT = {"sku": "ABC-0001", "name": "Lamp", "price": 19.75}


def sku(number: int) -> str:
    return f"ABC-{number:04d}"


@pytest.fixture
def order(shop):
    return shop.json("POST", "/orders", ORDER)


class TestResources:
    def test_create_and_read(self, shop):
        answer = shop("POST", "/orders", ORDER | {"coupon": "secret"})
        made = json.loads(answer.body)
        assert answer.status == 201
        assert headers_of(answer)["location"] == f"/orders/{made['id']}"
        assert len(headers_of(answer)["x-request-id"]) == 36
        assert made["customer"] == "Ada"
        assert made["lines"][0].items() >= ORDER["lines"][0].items()
        assert made["created_at"] == "2026-01-01T00:00:00Z"
        assert (made["status"], made["payment"]) == ("open", None)
        assert "coupon" not in made
        assert shop.json("GET", f"/orders/{made['id']}") == made
        assert shop.json("GET", "/orders")["items"] == [made]

    def test_change(self, shop, order):
        path = f"/orders/{order['id']}"
        changed = shop.json("PATCH", path, {"status": "paid", "id": "mine"})
        assert changed == order | {
            "status": "paid",
            "updated_at": changed["updated_at"],
        }
        assert changed["updated_at"] > order["created_at"]
        assert shop.json("GET", path) == changed

    def test_a_merge_patch_goes_into_objects(self, shop):
        order = shop.json("POST", "/orders", ORDER | {"address": {"city": "Ulm", "street": "A"}})
        path = f"/orders/{order['id']}"
        merge = "application/merge-patch+json"
        changed = shop.json("PATCH", path, {"address": {"city": "Bonn"}}, content_type=merge)
        assert changed["address"] == {"city": "Bonn", "street": "A"}
        changed = shop.json("PATCH", path, {"address": {"city": "Kiel"}})
        assert changed["address"] == {"city": "Kiel"}

    def test_replace_goes_back_to_defaults(self, shop):
        shop.json("POST", "/products", PRODUCT | {"in_stock": False, "related": ["x"]})
        replaced = shop.json("PUT", "/products/ABC-0001", PRODUCT | {"name": "Torch"})
        assert replaced == PRODUCT | {"name": "Torch", "in_stock": True}
        shop.problem(404, "PUT", "/products/ABC-0009", PRODUCT | {"sku": sku(9)})

    def test_a_client_gives_the_id_once(self, shop):
        made = shop("POST", "/products", PRODUCT)
        assert headers_of(made)["location"] == "/products/ABC-0001"
        assert "ABC-0001" in shop.problem(409, "POST", "/products", PRODUCT)["error"]
        shop.json("POST", "/products", PRODUCT | {"sku": sku(2)})
        shop.problem(409, "PUT", "/products/ABC-0002", PRODUCT)
        moved = shop.json("PUT", "/products/ABC-0002", PRODUCT | {"sku": sku(3)})
        assert shop.json("GET", "/products/ABC-0003") == moved
        shop.problem(404, "GET", "/products/ABC-0002")

    def test_delete_takes_what_is_below_along(self, shop, order):
        path = f"/orders/{order['id']}"
        note = shop.json("POST", f"{path}/notes", {"text": "Hi"})
        assert shop("DELETE", path).status == 204
        for gone in (path, f"{path}/notes", f"{path}/notes/{note['id']}"):
            shop.problem(404, "GET", gone)
        shop.problem(404, "DELETE", path)
        shop.problem(404, "POST", f"{path}/cancel")
        assert shop.core.batch("b").rows == {"/orders": 0}

    def test_nested_resources_count_and_know_their_parent(self, shop, order):
        other = shop.json("POST", "/orders", ORDER)
        for number in (1, 2):
            note = shop.json("POST", f"/orders/{order['id']}/notes", {"text": "Hi", "id": 9})
            assert (note["id"], note["order"]) == (number, order["id"])
        assert len(shop.json("GET", f"/orders/{order['id']}/notes")) == 2
        assert shop.json("GET", f"/orders/{other['id']}/notes") == []
        shop.problem(404, "GET", f"/orders/{other['id']}/notes/1")
        assert shop.problem(422, "GET", f"/orders/{order['id']}/notes/0")["violations"]

    def test_an_action_answers_with_its_resource(self, shop, order):
        assert shop.json("POST", f"/orders/{order['id']}/cancel") == order

    def test_a_repeated_idempotency_key(self, shop):
        first = shop("POST", "/orders", ORDER, idempotency_key="k")
        again = shop("POST", "/orders", ORDER, idempotency_key="k")
        assert (again.status, again.body) == (first.status, first.body)
        assert headers_of(again)["idempotent-replayed"] == "true"
        shop.problem(409, "POST", "/orders", ORDER | {"customer": "Eve"}, idempotency_key="k")
        assert len(shop.json("GET", "/orders")["items"]) == 1
        shop.core.fork("c", "b")
        assert Client(shop.core, "c")("POST", "/orders", ORDER, idempotency_key="k") == again


class TestResourcesThatNobodyMakes:
    def test_each_exists_until_it_is_deleted(self, shop):
        member = shop.json("GET", "/teams/7/members/ada")
        assert shop.json("GET", "/teams/7/members/ada") == member
        shop.json("PUT", "/teams/7/members/ada", {"name": "Ada", "role": "boss"})
        assert shop.json("GET", "/teams/7/members/ada") == {"name": "Ada", "role": "boss"}
        assert shop.json("GET", "/teams/8/members/ada") == member
        assert shop("DELETE", "/teams/7/members/ada").status == 204
        shop.problem(404, "GET", "/teams/7/members/ada")
        answer = shop("PUT", "/teams/7/members/ada", {"name": "Ada"})
        assert (answer.status, json.loads(answer.body)) == (201, {"name": "Ada", "role": "guest"})

    def test_put_makes_what_isnt_there_where_the_contract_says_so(self, shop):
        answer = shop("PUT", "/boxes/red", {"name": "red", "size": 3})
        assert (answer.status, json.loads(answer.body)) == (201, {"name": "red", "size": 3})
        assert shop("PUT", "/boxes/red", {"name": "red"}).status == 200
        shop.problem(404, "GET", "/boxes/blue")
        assert shop.json("POST", "/boxes", {"name": "blue"}) == {"name": "blue"}
        assert [box["name"] for box in shop.json("GET", "/boxes")] == ["red", "blue"]

    def test_a_seed_says_which_there_are(self, shop):
        shop.core.fork("s", seed={"/teams/7/members": [{"name": "ada", "role": "boss"}]})
        client = Client(shop.core, "s")
        assert client.json("GET", "/teams/7/members/ada")["role"] == "boss"
        client.problem(404, "GET", "/teams/7/members/bob")
        client.json("GET", "/teams/8/members/bob")

    def test_one_resource_at_a_path_itself(self, shop):
        before = shop.json("GET", "/settings")
        after = before | {"theme": "light", "limits": {"a": 1}}
        assert shop.json("PUT", "/settings", after) == after
        assert shop.json("GET", "/settings") == after
        problem = shop.problem(422, "PUT", "/settings", after | {"limits": {"A": 1}})
        assert problem["violations"][0]["rule"] == "propertyNames"


class TestLists:
    def test_cursors(self, shop):
        ids = [shop.json("POST", "/orders", ORDER)["id"] for _ in range(5)]
        page = shop.json("GET", "/orders?limit=2")
        seen = [row["id"] for row in page["items"]]
        while page["has_more"]:
            page = shop.json("GET", f"/orders?limit=2&cursor={page['next_cursor']}")
            seen += [row["id"] for row in page["items"]]
        assert seen == ids
        assert page["next_cursor"] is None
        assert len(shop.json("GET", "/orders")["items"]) == 3
        # A cursor may be an id itself, and outlives what comes after it.
        assert shop.json("GET", f"/orders?cursor={ids[3]}")["items"][0]["id"] == ids[4]
        shop.problem(404, "GET", "/orders?cursor=nowhere")

    def test_limit_and_offset(self, shop):
        for number in range(5):
            shop.json("POST", "/products", PRODUCT | {"sku": sku(number)})
        page = shop.json("GET", "/products?offset=2&in_stock=true")
        assert [row["sku"] for row in page["products"]] == [sku(2), sku(3)]
        assert page["meta"] == {"total": 5, "offset": 2, "limit": 2}
        assert page["links"]["next"] == "http://api.test/products?in_stock=true&offset=4"
        assert shop.json("GET", "/products?offset=4")["links"]["next"] is None
        far = shop.json("GET", f"/products?offset={10**30}&limit={10**30}")
        assert (far["products"], far["meta"]["limit"]) == ([], 10**30)

    def test_filters_order_and_search(self, shop):
        for number, name in enumerate(["Lamp", "Torch", "Candle"]):
            product = {"sku": sku(number), "name": name, "price": 30 - number}
            shop.json("POST", "/products", product | {"in_stock": number != 1})

        def names(query: str) -> list[str]:
            return [p["name"] for p in shop.json("GET", f"/products?limit=9&{query}")["products"]]

        assert names("in_stock=false") == ["Torch"]
        assert names("order_by=name") == ["Candle", "Lamp", "Torch"]
        assert names("order_by=price&direction=desc") == ["Lamp", "Torch", "Candle"]
        assert names("order_by=-in_stock,name") == ["Candle", "Lamp", "Torch"]
        assert names("q=LAM") == ["Lamp"]

    def test_filters_with_several_values_and_null(self, shop):
        for customer, status in (("Ada", "open"), (None, "paid"), ("Bob", "cancelled")):
            made = shop.json("POST", "/orders", ORDER | {"customer": customer})
            shop.json("PATCH", f"/orders/{made['id']}", {"status": status})

        def customers(query: str) -> list[str | None]:
            return [row["customer"] for row in shop.json("GET", f"/orders?{query}")["items"]]

        assert customers("status=paid&status=cancelled") == [None, "Bob"]
        assert customers("customer=Bob") == ["Bob"]
        assert customers("sort=-customer") == ["Bob", "Ada", None]

    def test_a_part_of_a_collection_beside_it(self, shop):
        shop.json("POST", "/products", PRODUCT)
        assert shop.json("GET", "/products/best") == [PRODUCT | {"in_stock": True}]


class TestValidation:
    @pytest.mark.parametrize(
        ("method", "path", "place", "pointer", "rule"),
        [
            ("GET", "/reports/hourly", "path", "/kind", "enum"),
            ("GET", "/orders?status=open&status=lost", "query", "/status/1", "enum"),
            ("GET", "/orders?placed[weeks]=x", "query", "/placed/weeks", "type"),
            ("GET", "/orders?placed[after]=2026-13-01", "query", "/placed/after", "format"),
            ("GET", "/points/;point=1,x", "path", "/point/1", "type"),
            ("GET", "/points/;point=1", "path", "/point", "minItems"),
            ("GET", "/files/readme.exe", "path", "/extension", "enum"),
            ("GET", "/teams/x/members/a", "path", "/team", "type"),
        ],
    )
    def test_parameters(self, shop, method, path, place, pointer, rule):
        problem = shop.problem(422, method, path)
        assert [(v["in"], v["pointer"], v["rule"]) for v in problem["violations"]] == [
            (place, pointer, rule)
        ]

    def test_headers_and_cookies(self, shop):
        problem = shop.problem(422, "GET", "/orders", x_tenant="west")
        assert problem["violations"][0]["message"] == (
            'The header parameter `X-Tenant` must be "north" or "south", not "west".'
        )
        form = {"content_type": "application/x-www-form-urlencoded"}
        body = b"name=a&password=b"
        problem = shop.problem(422, "POST", "/sessions", body, cookie="theme=red", **form)
        assert problem["violations"][0]["in"] == "cookie"
        assert shop.json("POST", "/sessions", body, cookie="x=1; theme=dark", **form)

    def test_forms(self, shop):
        form = {"content_type": "application/x-www-form-urlencoded"}
        answer = shop.json(
            "POST", "/sessions", b"name=A+B&password=%26&remember=true&roles=a&roles=b", **form
        )
        assert answer == {"token": "abc"}
        problem = shop.problem(422, "POST", "/sessions", b"name=&remember=perhaps", **form)
        assert {v["pointer"] for v in problem["violations"]} == {"/name", "/password", "/remember"}

    def test_multipart(self, shop):
        def body(position: str) -> bytes:
            return (
                "--X\r\nContent-Disposition: form-data; name=photo; filename=a.png\r\n"
                "Content-Type: image/png\r\n\r\n\x89PNG\r\n"
                "--X\r\nContent-Disposition: form-data; name=position\r\n\r\n"
                f"{position}\r\n"
                "--X\r\nContent-Disposition: form-data; name=tags\r\n\r\nlong tag\r\n"
                "--X--\r\n"
            ).encode("latin-1")

        shop.json("POST", "/products", PRODUCT)
        path, sent = "/products/ABC-0001/photo", "multipart/form-data; boundary=X"
        problem = shop.problem(422, "POST", path, body("0"), content_type=sent)
        assert {v["pointer"] for v in problem["violations"]} == {"/position", "/tags/0"}
        good = body("1").replace(b"long tag", b"tag")
        assert shop("POST", path, good, content_type=sent).status == 204
        shop.problem(400, "POST", path, b"no parts", content_type=sent)
        shop.problem(404, "POST", "/products/XYZ-0001/photo", good, content_type=sent)

    def test_plain_text(self, shop, order):
        path = f"/orders/{order['id']}/notes"
        assert shop("POST", path, b"Hello", content_type="text/plain").status == 201
        shop.problem(422, "POST", path, b"x" * 21, content_type="text/plain")
        shop.problem(400, "POST", path, b"\xff", content_type="text/plain")

    @pytest.mark.parametrize(
        ("payment", "pointer", "rule"),
        [
            ({"kind": "card", "number": "12"}, "/number", "pattern"),
            ({"kind": "transfer"}, "/iban", "required"),
            ({"kind": "cash"}, "", "oneOf"),
            ("cash", "", "oneOf"),
        ],
    )
    def test_the_alternative_that_was_meant_is_explained(self, shop, payment, pointer, rule):
        problem = shop.problem(422, "PUT", "/payment", payment)
        wrong = [(violation["pointer"], violation["rule"]) for violation in problem["violations"]]
        assert wrong == [(pointer, rule)]

    def test_a_refusal_fits_its_schema(self, shop):
        answer = shop("POST", "/orders", {"lines": []})
        assert headers_of(answer)["content-type"] == "application/problem+json"
        problem = json.loads(answer.body)
        assert problem.keys() == {"title", "status"}
        assert problem["title"] == "`lines` must have at least 1 item, not 0."
        assert shop.core.calls("b")[-1].messages == (problem["title"],)

    @pytest.mark.parametrize(
        "value",
        [
            b"\xff",
            b'"\\ud800"',
            b"[" * 100_000,
            b"[" * 400 + b"]" * 400,
            b"NaN",
            b"1e999",
            b"1" * 5000,
        ],
    )
    def test_bodies_that_are_hardly_json(self, shop, value):
        body = b'{"sku": "ABC-0001", "name": "Lamp", "price": 1, "dimensions": {"a": %b}}' % value
        shop.problem(400, "POST", "/products", body)

    def test_read_only_fields_may_be_sent_back(self, shop, order):
        note = shop.json("POST", f"/orders/{order['id']}/notes", {"text": "Hi", "id": "mine"})
        assert note["id"] == 1


class TestExamples:
    def test_declared_ones_first(self, shop):
        assert shop("GET", "/reports/daily", accept="text/csv").body == b"day,sum\nmon,1\n"

    def test_made_ones_are_the_same_every_time(self, shop, shop_document):
        from tests.mock.conftest import compiled

        first = shop("GET", "/reports/daily")
        assert first == compiled(shop_document)("GET", "/reports/daily")
        assert headers_of(first)["content-type"] == "application/json"
        row = json.loads(first.body)["rows"][0]
        assert [type(cell) for cell in row] in ([str, float], [str, int])

    def test_other_types(self, shop):
        shop.json("POST", "/products", PRODUCT)
        assert headers_of(shop("GET", "/products/ABC-0001/photo"))["content-type"] == "image/png"
        assert shop("GET", "/files/readme.txt").body

    def test_a_segment_written_out_wins(self, shop):
        assert shop.json("GET", "/reports/latest") == {"kind": "latest"}
