"""Home Assistant's ingress: believed from the Supervisor alone, and nobody else can forge it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.api.access.ingress import SUPERVISOR, Ingress
from lpr_engine.app.access import build_access
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import SECTION, House, Visitor, opened

# Every address of 127.0.0.0/8 is this machine, so a test can come from several.
SUPERVISOR_HERE = "127.0.0.2"
HEADERS = {
    "X-Remote-User-Id": "0123456789abcdef0123456789abcdef",
    "X-Remote-User-Name": "anna",
    "X-Remote-User-Display-Name": "Anna Ä.",
    "X-Ingress-Path": "/api/hassio_ingress/AbC_d-1",
    "X-Forwarded-Host": "home.example:8123",
    "Host": "home.example:8123",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    ingress = Ingress(Role.VIEWER, frozenset({"anna"}), SUPERVISOR_HERE)
    section = ApiSection(host="0.0.0.0", port=0, token="a-token-of-decent-length")  # noqa: S104
    with opened(tmp_path, section, ingress) as house:
        yield house


def through(house: House, source: str = SUPERVISOR_HERE, **changes: str | None) -> Visitor:
    named = {name.replace("_", "-"): text for name, text in changes.items()}
    headers = {**HEADERS, **named}
    return house.visitor(
        source,
        **{name: text.encode().decode("latin-1") for name, text in headers.items() if text},
    )


def test_the_supervisors_user_comes_in(house: House) -> None:
    reply = through(house).get("me")
    assert reply.status == 200
    me = reply.json
    assert isinstance(me.pop("csrf_token"), str)
    assert me == {
        "name": "Anna Ä.",
        "kind": "ingress",
        "scopes": ["metrics", "read", "operate", "admin"],
        "account_id": None,
        "session_id": None,
        "session_expires_at": None,
        "base_path": "/api/hassio_ingress/AbC_d-1",
    }


def test_who_is_no_named_admin_has_the_configured_role(house: House) -> None:
    reply = through(house, X_Remote_User_Name="ben").get("me")
    assert reply.json["scopes"] == ["metrics", "read"]
    assert through(house, X_Remote_User_Name="ben").get("accounts").status == 403


def test_a_display_name_makes_nobody_an_admin(house: House) -> None:
    visitor = through(house, X_Remote_User_Name="ben", X_Remote_User_Display_Name="anna")
    assert visitor.get("me").json["scopes"] == ["metrics", "read"]


def test_an_id_may_name_the_admin(tmp_path: Path) -> None:
    admins = frozenset({HEADERS["X-Remote-User-Id"]})
    with opened(tmp_path, SECTION, Ingress(Role.VIEWER, admins, SUPERVISOR_HERE)) as house:
        visitor = through(house, X_Remote_User_Name=None, Host="localhost")
        assert visitor.get("accounts").status == 200


@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.3"])
def test_the_same_headers_from_elsewhere_are_nothing(house: House, source: str) -> None:
    visitor = through(house, source)
    assert visitor.get("me").status == 401
    assert visitor.get("accounts").status == 401
    forwarded = {"X-Forwarded-For": SUPERVISOR_HERE, "X-Real-IP": SUPERVISOR_HERE}
    assert visitor.get("me", **forwarded, Forwarded=f"for={SUPERVISOR_HERE}").status == 401


def test_headers_from_elsewhere_give_an_account_nothing_more(house: House) -> None:
    house.add("Ben", Role.VIEWER)
    visitor = through(house, "127.0.0.1")
    assert visitor.sign_in("Ben").status == 200
    me = visitor.get("me").json
    assert (me["kind"], me["name"], me["base_path"]) == ("account", "Ben", "")
    assert visitor.get("accounts").status == 403


@pytest.mark.parametrize(
    "change",
    [
        {"X_Remote_User_Id": None},
        {"X_Remote_User_Id": "../../etc"},
        {"X_Remote_User_Id": "a" * 65},
        {"X_Remote_User_Id": "ä"},
    ],
)
def test_the_supervisor_without_a_user_is_nobody(
    house: House, change: dict[str, str | None]
) -> None:
    assert through(house, **change).get("me").status == 401


def test_a_header_that_is_there_twice_was_tampered_with(house: House) -> None:
    import socket

    with socket.create_connection(
        ("127.0.0.1", house.server.port), timeout=5, source_address=(SUPERVISOR_HERE, 0)
    ) as stream:
        stream.sendall(
            b"GET /api/v1/me HTTP/1.1\r\nHost: home.example\r\nConnection: close\r\n"
            b"X-Remote-User-Id: 0123\r\nX-Remote-User-Id: 4567\r\n\r\n"
        )
        assert stream.recv(64).split()[1] == b"401"


def test_the_supervisor_may_still_use_a_key(house: House) -> None:
    visitor = through(house, X_Remote_User_Id=None, Authorization="Bearer a-token-of-decent-length")
    assert visitor.get("me").json["kind"] == "token"


def test_a_cookie_or_key_beside_it_does_not_count(house: House) -> None:
    visitor = through(house, Authorization="Bearer wrong")
    visitor.cookies = {"lpr_session_1": "x"}
    assert visitor.get("me").json["kind"] == "ingress"


@pytest.mark.parametrize(
    "path", ["//evil.example", "/api/hassio_ingress/../x", "javascript:alert(1)", "/other/abc"]
)
def test_a_path_that_is_none_of_ingress_is_left_out(house: House, path: str) -> None:
    assert through(house, X_Ingress_Path=path).get("me").json["base_path"] == ""


def test_changes_need_the_token_and_our_own_origin(house: House) -> None:
    visitor = through(house)
    assert visitor.post("works").status == 403
    visitor.get("me")
    assert visitor.post("works").status == 200
    assert visitor.post("works", Origin="https://home.example:8123").status == 200
    assert visitor.post("works", Origin="https://evil.example").status == 403
    other = through(house, X_Remote_User_Id="4567")
    other.csrf = visitor.csrf
    assert other.post("works").status == 403


def test_what_is_done_is_written_down_under_the_users_name(house: House) -> None:
    visitor = through(house)
    visitor.get("me")
    visitor.post("works")
    entry = visitor.get("audit").json["items"][0]
    assert (entry["actor"], entry["actor_kind"]) == ("Anna Ä.", "ingress")
    assert entry["address"] == SUPERVISOR_HERE


def test_names_cannot_hide_or_turn_text(house: House) -> None:
    name = through(house, X_Remote_User_Display_Name="A\u202eB\u200b" + "x" * 300).get("me").json
    assert name["name"].startswith("A?B?x")
    assert len(name["name"]) == 100


def test_signed_urls_lead_through_ingress(house: House) -> None:
    picture = house.picture()
    visitor = through(house)
    visitor.get("me")
    url = visitor.post("media/links", {"paths": [picture]}).json["items"][0]["url"]
    assert url.startswith(f"/api/hassio_ingress/AbC_d-1/api/v1/{picture}?")
    direct = url.removeprefix("/api/hassio_ingress/AbC_d-1")
    assert house.visitor().get(direct).status == 200


def test_ingress_is_off_unless_configured_and_then_for_one_address(house: House) -> None:
    def ingress_of(section: ApiSection) -> Ingress | None:
        return build_access(section, house.store.access, house.clock, ()).porter.ingress

    assert ingress_of(ApiSection()) is None
    ingress = ingress_of(
        ApiSection(ingress=True, ingress_role="operator", ingress_admins=("anna", "ben"))
    )
    assert ingress == Ingress(Role.OPERATOR, frozenset({"anna", "ben"}))
    assert ingress is not None
    assert ingress.supervisor == SUPERVISOR == "172.30.32.2"


def test_a_supervisor_on_an_ipv6_socket_is_the_same() -> None:
    from lpr_engine.api.access.address import plain

    assert plain("::ffff:172.30.32.2") == SUPERVISOR
    assert plain("172.30.32.2") == SUPERVISOR
    assert plain("fe80::1%eth0") == "fe80::1"
    assert plain("") == plain("nonsense") == "unknown"
