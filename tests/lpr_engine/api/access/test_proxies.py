"""A door behind a trusted proxy: who is slowed, who is written down, which cookie is set."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lpr_engine.api.access.ingress import Ingress
from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import SECTION, House, Visitor, opened

PROXY, STRANGER = "127.0.0.5", "127.0.0.6"
BEHIND = dataclasses.replace(SECTION, trusted_proxies=(PROXY,))


def through(house: House, address: str, source: str = PROXY, scheme: str = "https") -> Visitor:
    return house.visitor(
        source,
        **{"X-Forwarded-For": f"6.6.6.6, {address}", "X-Forwarded-Proto": scheme, "Host": "a.b"},
    )


def test_each_visitor_is_slowed_alone(tmp_path: Path) -> None:
    with opened(tmp_path, BEHIND) as house:
        house.add("Anna")
        guesser, owner = through(house, "198.51.100.1"), through(house, "198.51.100.2")
        refused = [guesser.sign_in(name=f"nobody{one}").status for one in range(6)]
        assert refused[-2:] == [401, 429]
        assert owner.sign_in().status == 200


def test_who_forges_the_header_is_slowed_all_the_same(tmp_path: Path) -> None:
    with opened(tmp_path, BEHIND) as house:
        answers = [
            through(house, f"198.51.100.{one}", STRANGER).sign_in(name=f"nobody{one}").status
            for one in range(6)
        ]
    assert answers[-2:] == [401, 429]


def test_requests_are_counted_for_each_visitor(tmp_path: Path) -> None:
    section = dataclasses.replace(BEHIND, requests_per_second=1)
    with opened(tmp_path, section) as house:
        eager = [through(house, "198.51.100.1").get("setup").status for _ in range(5)]
        forged = [through(house, f"198.51.100.{one}", STRANGER).get("setup").status
                  for one in range(5)]  # fmt: skip
        assert eager[-1] == forged[-1] == 429
        assert through(house, "198.51.100.2").get("setup").status == 200


def test_sessions_and_the_audit_trail_name_the_visitor(tmp_path: Path) -> None:
    with opened(tmp_path, BEHIND) as house:
        house.add("Anna")
        anna = through(house, "198.51.100.1")
        assert anna.sign_in().status == 200
        assert anna.get("sessions").json["items"][0]["address"] == "198.51.100.1"
        assert anna.get("audit").json["items"][0]["address"] == "198.51.100.1"
        forged = through(house, "198.51.100.9", STRANGER)
        forged.sign_in(password="wrong but long enough")
        assert anna.get("audit").json["items"][0]["address"] == STRANGER


@pytest.mark.parametrize(
    ("source", "scheme", "is_secure"),
    [(PROXY, "https", True), (PROXY, "http", False), (STRANGER, "https", False)],
)
def test_the_cookie_is_secure_where_the_browser_s_way_is(
    tmp_path: Path, source: str, scheme: str, *, is_secure: bool
) -> None:
    with opened(tmp_path, BEHIND) as house:
        house.add("Anna")
        anna = through(house, "198.51.100.1", source, scheme)
        answer = anna.sign_in()
        cookie = answer.headers["Set-Cookie"]
        assert ("Secure" in cookie) is is_secure
        assert cookie.startswith("__Host-") is is_secure
        assert anna.get("me").status == 200
        assert anna.post("looks", {}, Origin=f"{scheme}://a.b").status == 200
        assert anna.post("sign-out").status == 204
        assert anna.cookies == {}


def test_ingress_is_believed_by_its_connection_alone(tmp_path: Path) -> None:
    ingress = Ingress(Role.ADMIN, supervisor="127.0.0.7")
    with opened(tmp_path, BEHIND, ingress) as house:
        user = {"X-Remote-User-Id": "1", "X-Remote-User-Name": "anna"}
        forged = through(house, "127.0.0.7")
        forged.headers.update(user)
        assert forged.get("me").status == 401
        assert house.visitor("127.0.0.7", **user).get("me").status == 200


def test_a_door_on_loopback_goes_by_the_proxy_s_names(tmp_path: Path) -> None:
    with opened(tmp_path, BEHIND) as house:
        assert house.visitor(Host="lpr.home.example").get("setup").status == 200
    with opened(tmp_path / "..") as house:
        assert house.visitor(Host="lpr.home.example").get("setup").status == 403
