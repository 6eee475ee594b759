"""The first account is for whoever can read the log, once."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest

from lpr_engine.api.access.setup_code import SetupCode
from tests.lpr_engine.api.access.house import PASSWORD, House, opened

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def code_in(caplog: pytest.LogCaptureFixture) -> str:
    return codes_in(caplog)[-1]


def codes_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    return CODE.findall("\n".join(record.getMessage() for record in records))


def form(code: str, name: str = "Anna", password: str = PASSWORD) -> dict[str, str]:
    return {"code": code, "name": name, "password": password}


def test_the_code_of_the_log_makes_an_admin_who_is_signed_in(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = house.visitor()
    assert visitor.get("setup").json == {"needed": True}

    reply = visitor.post("setup", form(code_in(caplog), " Änna "))

    assert (reply.status, reply.json["name"]) == (201, "Änna")
    assert visitor.get("accounts").json["items"][0]["role"] == "admin"
    assert visitor.get("setup").json == {"needed": False}


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " ")])
def test_the_code_may_be_typed_as_people_do(
    house: House, caplog: pytest.LogCaptureFixture, change: object
) -> None:
    assert callable(change)
    assert house.visitor().post("setup", form(change(code_in(caplog)))).status == 201


def test_it_works_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    code = code_in(caplog)
    house.visitor().post("setup", form(code))
    reply = house.visitor().post("setup", form(code, "Mallory"))
    assert (reply.status, reply.code) == (409, "setup_done")
    assert [account.name for account in house.store.access.accounts.all()] == ["Anna"]


def test_nothing_is_announced_once_somebody_can_sign_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(tmp_path) as house:
        house.add("Anna")
        assert codes_in(caplog)
    caplog.clear()
    with opened(tmp_path) as house:
        assert house.visitor().get("setup").json == {"needed": False}
    assert not codes_in(caplog)


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "ß" * 64, "--"])
def test_wrong_codes_make_nothing(house: House, code: str) -> None:
    reply = house.visitor().post("setup", form(code))
    assert (reply.status, reply.code) == (403, "setup_code_wrong")
    assert house.store.access.accounts.is_empty()


def test_guessing_is_slowed_down_and_written_down(house: House) -> None:
    visitor = house.visitor()
    statuses = [visitor.post("setup", form("wrong")).status for _ in range(6)]
    assert statuses == [403, 403, 403, 403, 403, 429]
    house.clock.advance(timedelta(seconds=2))
    assert visitor.post("setup", form("wrong")).status == 403
    house.add("Anna")
    house.clock.advance(timedelta(minutes=20))
    visitor.sign_in()
    entries = visitor.get("audit?action=setup").json["items"]
    assert [(one["actor"], one["succeeded"]) for one in entries] == [("unknown", False)] * 6


def test_a_right_code_is_not_used_up_by_a_bad_password(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    code = code_in(caplog)
    reply = house.visitor().post("setup", form(code, password="short"))
    assert (reply.status, reply.json["errors"][0]["where"]) == (400, "body.password")
    reply = house.visitor().post("setup", form(code, name="\u202eAnna"))
    assert (reply.status, reply.json["errors"][0]["where"]) == (400, "body.name")
    assert house.visitor().post("setup", form(code)).status == 201


def test_a_page_of_another_origin_sets_nothing_up(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    reply = house.visitor(Origin="https://evil.example").post("setup", form(code_in(caplog)))
    assert (reply.status, reply.code) == (403, "csrf_refused")


def test_after_ten_misses_there_is_another_code(caplog: pytest.LogCaptureFixture) -> None:
    code = SetupCode()
    code.announce()
    first = code_in(caplog)
    assert code.fits(first)
    assert not any(code.fits("wrong") for _ in range(9))
    assert code.fits(first)
    assert not code.fits("wrong")
    assert not code.fits(first)
    assert code.fits(code_in(caplog))
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3


def test_codes_are_random() -> None:
    assert len({SetupCode()._code for _ in range(50)}) == 50
