"""Signed URLs: one picture, a short time, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import House


def link(house: House, path: str, **more: object) -> str:
    visitor = house.signed_in("Viewer", Role.VIEWER)
    reply = visitor.post("media/links", {"paths": [path], **more})
    assert reply.status == 200
    return str(reply.json["items"][0]["url"])


def test_a_link_shows_its_picture_to_anybody(house: House) -> None:
    picture = house.picture()
    url = link(house, picture)
    assert re.fullmatch(
        rf"/api/v1/{re.escape(picture)}\?expires=\d{{10}}&signature=[0-9a-f]{{8}}\.[\w-]{{43}}", url
    )
    reply = house.visitor().get(url)
    assert (reply.status, reply.body[:2]) == (200, b"\xff\xd8")
    assert house.visitor().ask("HEAD", url).status == 200
    assert house.visitor().get(f"/api/v1/{picture}").status == 401


def test_it_is_over_in_time(house: House) -> None:
    url = link(house, house.picture(), lifetime_s=60)
    house.clock.advance(timedelta(seconds=59))
    assert house.visitor().get(url).status == 200
    house.clock.advance(timedelta(seconds=1))
    assert house.visitor().get(url).status == 401


def test_the_usual_lifetime_is_told(house: House) -> None:
    visitor = house.signed_in()
    reply = visitor.post("media/links", {"paths": [house.picture()]}).json
    assert reply["expires_at"] == "2026-03-01T12:10:00.000Z"


def test_a_clock_set_back_prolongs_no_link(house: House) -> None:
    url = link(house, house.picture(), lifetime_s=86_400)
    house.clock.advance(timedelta(hours=-1))
    assert house.visitor().get(url).status == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("expires=1", "expires=2"),
        lambda url: url.replace("expires=", "expires=0"),
        lambda url: re.sub(r"expires=\d+", "expires=99999999999", url),
        lambda url: re.sub(r"expires=\d+", "expires=-1", url),
        lambda url: re.sub(r"expires=\d+", "expires=%D9%A1", url),
        lambda url: url[:-1] + ("A" if url[-1] != "A" else "B"),
        lambda url: url.partition("&signature")[0],
        lambda url: re.sub(r"expires=\d+&", "", url),
        lambda url: re.sub(r"signature=[0-9a-f]+", "signature=00000000", url),
        lambda url: re.sub(r"signature=.*", "signature=", url),
        lambda url: re.sub(r"signature=.*", "signature=%ED%A0%80", url),
        lambda url: url + "&signature=x",
        lambda url: url + "&more=1",
        lambda url: re.sub(r"[0-9a-f]{64}", "a" * 64, url),
        lambda url: re.sub(r"/api/v1/[^?]+", "/api/v1/passages", url),
        lambda url: re.sub(r"/api/v1/[^?]+", "/api/v1/me", url),
    ],
)
def test_whatever_is_changed_it_opens_nothing(house: House, change: object) -> None:
    assert callable(change)
    url = change(link(house, house.picture()))
    assert house.visitor().get(url).status in (400, 401)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_link_is_for_looking(house: House, method: str) -> None:
    assert house.visitor().ask(method, link(house, house.picture())).status == 405


def test_each_picture_has_its_own_signature(house: House) -> None:
    first = link(house, house.picture())
    second = house.picture()
    query = first.partition("?")[2]
    # The same crop has the same name; the frame of it has another.
    passage = house.store.search.latest(1).passages[0]
    assert second == passage.crop
    assert house.visitor().get(f"{passage.frame}?{query}").status == 401


def test_links_outlive_a_restart_and_one_change_of_the_key(house: House) -> None:
    url = link(house, house.picture(), lifetime_s=86_400)
    first = house.store.access.secrets.current()
    house.store.access.secrets._current = None
    assert house.visitor().get(url).status == 200
    house.clock.advance(timedelta(hours=1))
    assert list(house.store.access.secrets.current().keys) == list(first.keys)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "passages",
        "me",
        "/api/v1/media/ab/x.jpg",
        "media/../me",
        "media/ab/../x",
        "media/ab/..",
        "media//x.jpg",
        "media/ab/x.jpg?width=5",
        "media/ab/x.jpg\n",
        "media/ab/x\u00e4.jpg",
        "https://evil.example/media/ab/x.jpg",
        "x" * 257,
    ],
)
def test_only_pictures_are_signed(house: House, path: str) -> None:
    visitor = house.signed_in()
    good = house.picture()
    reply = visitor.post("media/links", {"paths": [good, path]})
    assert reply.status == 400
    assert [fault["where"] for fault in reply.json["errors"]] == ["body.paths.1"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"paths": []}, "body.paths"),
        ({"paths": ["media/ab/x.jpg"] * 101}, "body.paths"),
        ({"paths": ["media/ab/x.jpg"], "lifetime_s": 0}, "body.lifetime_s"),
        ({"paths": ["media/ab/x.jpg"], "lifetime_s": 86_401}, "body.lifetime_s"),
        ({"paths": ["media/ab/x.jpg"], "lifetime_s": "1"}, "body.lifetime_s"),
        ({"paths": "media/ab/x.jpg"}, "body.paths"),
        ({}, "body.paths"),
    ],
)
def test_bad_wishes_are_told_where(house: House, body: object, where: str) -> None:
    reply = house.signed_in().post("media/links", body)
    assert (reply.status, reply.json["errors"][0]["where"]) == (400, where)


def test_nobody_is_handed_links_who_may_not_see(house: House) -> None:
    body = {"paths": [house.picture()]}
    assert house.visitor().post("media/links", body).status == 401
    key = house.signed_in().post("keys", {"name": "k", "scopes": ["metrics"]}).json["key"]
    visitor = house.visitor(Authorization=f"Bearer {key}")
    assert visitor.post("media/links", body).status == 403
