"""Signing in and out: what is set, what is refused, and that refusals tell nothing."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from lpr_engine.api.access.passwords import Passwords, usual_hasher
from lpr_engine.api.problem import RequestError
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import PASSWORD, House, opened
from tests.lpr_engine.api.test_tls import make as make_certificate


def test_name_and_password_open_a_session(house: House) -> None:
    account = house.add("Anna", Role.OPERATOR)
    visitor = house.visitor(**{"User-Agent": "Fire\xadfox" * 40})
    reply = visitor.sign_in("ANNA")
    assert reply.status == 200
    session = house.store.access.sessions.all()[0]
    assert reply.json == visitor.get("me").json == {
        "name": "Anna",
        "kind": "account",
        "scopes": ["metrics", "read", "operate"],
        "account_id": account.id,
        "csrf_token": visitor.csrf,
        "session_id": session.id,
        "session_expires_at": "2026-03-31T12:00:00.000Z",
        "base_path": "",
    }  # fmt: skip
    assert session.address == "127.0.0.1"
    assert len(session.agent) == 200
    assert session.agent.isprintable()


def test_the_cookie_is_for_this_site_and_no_script(house: House) -> None:
    house.add("Anna")
    line = house.visitor().sign_in().headers["Set-Cookie"]
    value, *attributes = (part.strip() for part in line.split(";"))
    assert value.startswith("lpr_session_")
    assert "127" not in value.partition("=")[0]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"} <= set(attributes)
    assert not any(part.lower().startswith("domain") for part in attributes)


def test_under_tls_the_cookie_is_bound_to_it_and_to_this_host(tmp_path: Path) -> None:
    make_certificate(tmp_path, "own", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    section = ApiSection(port=0, tls_certificate=tmp_path / "own.pem", tls_key=tmp_path / "own.key")
    with opened(tmp_path, section) as house:
        visitor = house.visitor()
        visitor.tls = ssl.create_default_context(cafile=str(tmp_path / "own.pem"))
        visitor.tls.check_hostname = False
        house.add("Anna")
        value, *attributes = visitor.sign_in().headers["Set-Cookie"].split("; ")
        assert value.startswith("__Host-lpr_session_")
        assert {"HttpOnly", "SameSite=Strict", "Path=/", "Secure"} <= set(attributes)
        assert visitor.get("me").status == 200
        origin = f"https://127.0.0.1:{house.server.port}"
        assert visitor.post("works", Origin=origin).status == 200
        assert "Secure" in visitor.post("sign-out").headers["Set-Cookie"]


def test_two_engines_on_one_host_keep_their_cookies_apart(tmp_path: Path) -> None:
    names = set()
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        with opened(tmp_path / number) as house:
            house.add("Anna")
            names.add(house.visitor().sign_in().headers["Set-Cookie"].partition("=")[0])
    assert len(names) == 2


@pytest.mark.parametrize(
    ("name", "password"),
    [("Anna", "wrong password"), ("Nobody", PASSWORD), ("Anna", PASSWORD + " "), ("\u202e", "x")],
)
def test_wrong_answers_look_the_same_and_cost_the_same(
    house: House, name: str, password: str
) -> None:
    house.add("Anna")
    visitor = house.visitor()
    reply = visitor.sign_in(name, password)
    problem = reply.json
    problem.pop("request_id")
    assert problem == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "code": "sign_in_refused",
        "detail": "Name or password is wrong.",
    }
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert visitor.cookies == {}
    assert house.passwords.checked == 1


def test_without_an_account_the_same_hash_is_checked_for_nothing() -> None:
    seen: list[tuple[str, str]] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
            seen.append((str(hash).rsplit("$", 2)[0], str(password)))
            return super().verify(hash, password)

    passwords = Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
    known = passwords.hash_now(PASSWORD)
    assert asyncio.run(passwords.fits(known, PASSWORD))
    assert not asyncio.run(passwords.fits(known, "wrong"))
    assert not asyncio.run(passwords.fits(None, "wrong"))
    # Even the decoy's own password would open nothing.
    assert [costs for costs, _ in seen] == [seen[0][0]] * 3
    assert seen[0][0].startswith("$argon2id$v=19$m=8,t=1,p=1")


def test_costs_are_those_of_the_recommendation() -> None:
    hasher = usual_hasher()
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 65_536, 1)
    assert hasher.hash("x").startswith("$argon2id$")


def test_a_damaged_hash_opens_nothing() -> None:
    assert not asyncio.run(Passwords().fits("$argon2id$nonsense", PASSWORD))


def test_composed_and_decomposed_letters_are_the_same_password(house: House) -> None:
    house.add("Anna", password="Gru\u0308\u00dfe, Zo\u00eb")
    assert house.visitor().sign_in("Anna", "Gr\u00fc\u00dfe, Zoe\u0308").status == 200


def test_too_many_at_once_are_sent_away_and_the_rest_served() -> None:
    async def crowd() -> list[bool | str]:
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), waiting=2)

        async def one() -> bool | str:
            try:
                return await passwords.fits(None, "x")
            except RequestError as refusal:
                return f"{refusal.status} {refusal.code}"

        outcomes = await asyncio.gather(*(one() for _ in range(5)))
        return [*outcomes, await one()]

    assert asyncio.run(crowd()) == [False] * 3 + ["503 sign_in_busy"] * 2 + [False]


def test_whom_nobody_looked_at_has_not_failed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.add("Anna")
    monkeypatch.setattr(house.passwords, "_most", -1)
    visitor = house.visitor()
    assert [visitor.sign_in().status for _ in range(8)] == [503] * 8
    monkeypatch.setattr(house.passwords, "_most", 8)
    assert visitor.sign_in().status == 200


def test_a_token_that_was_there_before_is_never_taken_over(house: House) -> None:
    house.add("Anna")
    name = house.visitor().sign_in().headers["Set-Cookie"].partition("=")[0]
    visitor = house.visitor()
    visitor.cookies[name] = "chosen-by-somebody-else"
    visitor.sign_in()
    assert visitor.cookies[name] != "chosen-by-somebody-else"
    assert house.visitor(Cookie=f"{name}=chosen-by-somebody-else").get("me").status == 401


def test_signing_in_again_ends_the_session_before(house: House) -> None:
    visitor = house.signed_in()
    before = dict(visitor.cookies)
    assert visitor.sign_in().status == 200
    assert visitor.cookies != before
    other = house.visitor()
    other.cookies = before
    assert other.get("me").status == 401
    assert len(house.store.access.sessions.all()) == 1


def test_signing_out_ends_the_session_and_clears_the_cookie(house: House) -> None:
    visitor = house.signed_in()
    held = dict(visitor.cookies)
    reply = visitor.post("sign-out")
    assert (reply.status, reply.body) == (204, b"")
    assert "Max-Age=0" in reply.headers["Set-Cookie"]
    assert visitor.cookies == {}
    visitor.cookies = held
    assert visitor.get("me").status == 401
    assert visitor.post("sign-out").status == 401


def test_sessions_end_by_the_clock_and_a_clock_set_back_prolongs_none(house: House) -> None:
    visitor = house.signed_in()
    house.clock.advance(timedelta(days=6))
    assert visitor.get("me").status == 200
    house.store.depth()
    house.clock.advance(timedelta(days=-3))
    assert visitor.get("me").status == 401
    house.clock.advance(timedelta(days=3))
    for _ in range(4):
        house.clock.advance(timedelta(days=6))
        house.store.depth()
        last = visitor.get("me").status
    assert last == 401
    house.clock.advance(timedelta(days=-1))
    assert visitor.get("me").status == 200


def test_use_is_noted_once_a_minute(house: House) -> None:
    visitor = house.signed_in()
    noted = []
    for seconds in (30, 31, 1, 70):
        house.clock.advance(timedelta(seconds=seconds))
        visitor.get("me")
        house.store.depth()
        noted.append(house.store.access.sessions.all()[0].last_used_at)
    assert noted[0] < noted[1] == noted[2] < noted[3]


def test_costlier_hashes_take_the_place_of_cheap_ones(house: House) -> None:
    account = house.add("Anna")
    cheap = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    house.store.access.accounts.set_password(account.id, cheap, house.clock.now())
    assert house.visitor().sign_in().status == 200
    # The answer does not wait for the new hash.
    assert house.visitor().sign_in().status == 200
    lock = house.store.access.accounts.find("Anna")
    assert lock is not None
    assert "m=8," in lock.password_hash


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.name"),
        ({"name": "Anna"}, "body.password"),
        ({"name": 5, "password": "x"}, "body.name"),
        ({"name": "Anna", "password": None}, "body.password"),
        ({"name": "Anna", "password": "x" * 257}, "body.password"),
        ({"name": "a" * 65, "password": "x"}, "body.name"),
        ({"name": "Anna", "password": "x", "role": "admin"}, "body.role"),
        ([], "body"),
    ],
)
def test_bad_forms_are_told_where(house: House, body: object, where: str) -> None:
    reply = house.visitor().post("sign-in", body)
    assert reply.status == 400
    assert where in [fault["where"] for fault in reply.json["errors"]]


def test_forms_of_web_pages_are_no_json(house: House) -> None:
    house.add("Anna")
    body = json.dumps({"name": "Anna", "password": PASSWORD}).encode()
    headers = {"Content-Type": "text/plain"}
    assert house.visitor().send("POST", "sign-in", body, headers).status == 415


def test_a_page_of_another_origin_signs_nobody_in(house: House) -> None:
    house.add("Anna")
    reply = house.visitor(Origin="https://evil.example").sign_in()
    assert (reply.status, reply.code) == (403, "csrf_refused")
    assert "Set-Cookie" not in reply.headers


def test_guessing_is_slowed_down_whoever_is_guessed_at(house: House) -> None:
    house.add("Anna")
    visitor = house.visitor()
    for name in ("Anna", "Nobody"):
        statuses = [visitor.sign_in(name, "wrong").status for _ in range(7)]
        assert 429 in statuses
        reply = visitor.sign_in(name, PASSWORD)
        assert (reply.status, reply.code) == (429, "sign_in_throttled")
        assert int(reply.headers["Retry-After"]) >= 1
        checked = house.passwords.checked
        visitor.sign_in(name, PASSWORD)
        assert house.passwords.checked == checked
        house.clock.advance(timedelta(minutes=16))
    assert visitor.sign_in().status == 200


def test_the_trail_tells_who_signed_in_and_never_what_nobody_is_called(house: House) -> None:
    visitor = house.signed_in()
    house.visitor().sign_in("Anna", "wrong")
    house.visitor().sign_in("my password, in the wrong field", "x")
    visitor.post("sign-out")
    visitor.sign_in()
    entries = [
        (one["action"], one["actor"], one["actor_kind"], one["succeeded"])
        for one in visitor.get("audit").json["items"]
    ]
    assert entries == [
        ("sign_in", "Anna", "account", True),
        ("sign_out", "Anna", "account", True),
        ("sign_in", "unknown", None, False),
        ("sign_in", "Anna", None, False),
        ("sign_in", "Anna", "account", True),
    ]


def test_no_secret_reaches_logs_or_answers(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = house.signed_in()
    token = next(iter(visitor.cookies.values()))
    house.visitor().sign_in("Anna", "a wrong secret")
    replies = [visitor.get(path).body for path in ("me", "accounts", "sessions", "audit", "keys")]
    shown = caplog.text + repr(house.access) + repr(house.store.access) + repr(replies)
    lock = house.store.access.accounts.find("Anna")
    assert lock is not None
    for secret in (PASSWORD, "a wrong secret", token, lock.password_hash):
        assert secret not in shown


def test_the_store_holds_no_token(house: House, tmp_path: Path) -> None:
    visitor = house.signed_in()
    key = visitor.post("keys", {"name": "k", "scopes": ["read"]}).json["key"]
    house.store.back_up(tmp_path / "copy.sqlite3")
    kept = (tmp_path / "copy.sqlite3").read_bytes()
    for secret in (*visitor.cookies.values(), key, PASSWORD, str(visitor.csrf)):
        assert secret.encode() not in kept
