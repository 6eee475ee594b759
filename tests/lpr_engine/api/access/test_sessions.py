"""Sessions seen and ended, with all that they hold open; and changes of other subjects noted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from lpr_engine.model.access import Role
from lpr_engine.model.audit import AuditEntry
from lpr_engine.model.errors import StoreError
from tests.lpr_engine.api.access.house import House, Visitor, opened


def test_people_see_and_end_their_own_sessions_and_admins_all(house: House) -> None:
    admin, ben = house.signed_in("Anna"), house.signed_in("Ben", Role.VIEWER)
    elsewhere = house.visitor(**{"User-Agent": "Phone"})
    elsewhere.sign_in("Ben")
    mine = ben.get("sessions").json["items"]
    assert sorted((one["agent"], one["current"]) for one in mine) == [("", True), ("Phone", False)]
    phone = next(one["id"] for one in mine if one["agent"] == "Phone")
    assert len(admin.get("sessions").json["items"]) == 3
    anna = admin.get("me").json["session_id"]
    assert ben.ask("DELETE", f"sessions/{anna}").status == 404

    assert ben.ask("DELETE", f"sessions/{phone}").status == 204

    assert elsewhere.get("me").status == 401
    assert ben.ask("DELETE", f"sessions/{phone}").code == "session_unknown"
    assert admin.ask("DELETE", f"sessions/{ben.get('me').json['session_id']}").status == 204
    assert ben.get("me").status == 401
    entry = admin.get("audit?action=session_ended").json["items"][1]
    assert entry["subject"] == f"{phone} from 127.0.0.1"


def test_sessions_keys_and_links_outlive_a_restart(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        before = house.signed_in()
        key = before.post("keys", {"name": "k", "scopes": ["read"]}).json["key"]
        links = before.post("media/links", {"paths": [house.picture()]}).json["items"]
    with opened(tmp_path) as house:
        after = house.visitor()
        after.cookies, after.csrf = before.cookies, before.csrf
        assert after.post("works").status == 200
        assert house.visitor(Authorization=f"Bearer {key}").get("me").status == 200
        assert house.visitor().get(links[0]["url"]).status == 200


def test_sessions_that_are_over_are_not_shown(house: House) -> None:
    house.signed_in("Ben", Role.VIEWER)
    house.clock.advance(timedelta(days=8))
    admin = house.signed_in("Anna")
    assert len(admin.get("sessions").json["items"]) == 1


def revoke_key(house: House, admin: Visitor) -> None:
    key = next(one for one in admin.get("keys").json["items"] if one["name"] == "program")
    assert admin.ask("DELETE", f"keys/{key['id']}").status == 204


def remove_account(house: House, admin: Visitor) -> None:
    ben = next(one for one in admin.get("accounts").json["items"] if one["name"] == "Ben")
    assert admin.ask("DELETE", f"accounts/{ben['id']}").status == 204


def demote(house: House, admin: Visitor) -> None:
    ben = next(one for one in admin.get("accounts").json["items"] if one["name"] == "Ben")
    assert admin.ask("PATCH", f"accounts/{ben['id']}", {"role": "viewer"}).status == 200


def end_sessions(house: House, admin: Visitor) -> None:
    own = admin.get("me").json["session_id"]
    for one in admin.get("sessions").json["items"]:
        if one["id"] != own:
            assert admin.ask("DELETE", f"sessions/{one['id']}").status == 204


async def closed_by(
    house: House, all_headers: list[dict[str, str]], act: Callable[[], None]
) -> list[int | None]:
    """The close codes of sockets after something was done; None for one that stays open."""
    url = f"ws://127.0.0.1:{house.server.port}/api/v1/socket"
    async with aiohttp.ClientSession() as client:
        sockets = [await client.ws_connect(url, headers=headers) for headers in all_headers]
        for one in sockets:
            await one.send_str("there?")
            assert await one.receive_str(timeout=5) == "there?"
        await asyncio.to_thread(act)
        return [await close_code(one) for one in sockets]


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    try:
        message = await socket.receive(timeout=0.5)
    except asyncio.TimeoutError:
        return None
    assert message.type is aiohttp.WSMsgType.CLOSE
    return int(message.data)


@pytest.mark.parametrize(
    ("act", "key_ends", "session_ends"),
    [
        (revoke_key, True, False),
        (remove_account, True, True),
        (demote, True, True),
        (end_sessions, False, True),
    ],
)
async def test_what_lasts_ends_at_once_with_what_let_it_in(
    house: House,
    act: Callable[[House, Visitor], None],
    key_ends: bool,
    session_ends: bool,
) -> None:
    admin, ben = house.signed_in("Anna"), house.signed_in("Ben", Role.OPERATOR)
    key = ben.post("keys", {"name": "program", "scopes": ["read"]}).json["key"]
    by_key = {"Authorization": f"Bearer {key}"}
    cookie = "; ".join(f"{name}={value}" for name, value in ben.cookies.items())
    by_session = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{house.server.port}"}
    codes = await closed_by(house, [by_key, by_session], lambda: act(house, admin))
    assert codes == [4401 if key_ends else None, 4401 if session_ends else None]


def test_changes_of_other_subjects_are_noted_and_looking_is_not(house: House) -> None:
    visitor = house.signed_in("Ben", Role.OPERATOR)
    assert visitor.post("works", {}).status == 200
    assert visitor.post("works", {"fail": True}).status == 400
    assert visitor.post("looks", {}).status == 200
    house.store.depth()
    entries = house.signed_in("Anna").get("audit?actor=Ben").json["items"]
    assert [(one["action"], one["subject"]) for one in entries] == [
        ("POST /api/v1/works", "/api/v1/works"),
        ("sign_in", None),
    ]


def test_a_trail_that_cannot_be_written_shuts_nobody_out(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_entry: AuditEntry) -> None:
        raise StoreError("no space left")

    monkeypatch.setattr(house.store.access.audit, "note", refuse)
    assert house.signed_in().post("works").status == 200
    assert "not in the audit trail, sign_in by Anna: no space left" in caplog.messages


def test_the_trail_is_for_admins_and_comes_in_pages(house: House) -> None:
    admin = house.signed_in()
    for _ in range(4):
        admin.post("works")
    numbers, path = [], "audit?limit=2"
    while path:
        page = admin.get(path).json
        numbers += [one["number"] for one in page["items"]]
        path = page["next_cursor"] and f"audit?limit=2&cursor={page['next_cursor']}"
    assert numbers == [5, 4, 3, 2, 1]
    assert house.signed_in("Ben", Role.OPERATOR).get("audit").status == 403
    assert house.visitor().get("audit").status == 401


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "cursor=x", "succeeded=yes", "action=", "more=1", "actor=a&actor=b",
     "cursor=99999999999999999999"],
)  # fmt: skip
def test_bad_queries_of_the_trail_are_refused(house: House, query: str) -> None:
    assert house.signed_in().get(f"audit?{query}").status == 400
