"""The audit trail: in order, in pages, bounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lpr_engine.config.sections import RetentionSection, StorageSection
from lpr_engine.model.access import PrincipalKind
from lpr_engine.model.audit import AuditEntry, AuditFilter
from lpr_engine.model.errors import CursorError
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock

ALL = AuditFilter()
FULL = AuditEntry(
    NOON, "sign_in", True, "Änne", PrincipalKind.ACCOUNT, "10.0.0.7", "session/1", "a detail"
)
BARE = AuditEntry(NOON, "sign_in", False, "somebody")


def test_entries_come_back_newest_first(open_store: Callable[[], PassageStore]) -> None:
    audit = open_store().access.audit
    audit.note(FULL)
    audit.note(BARE)

    page = open_store().access.audit.page(10, None, ALL)

    assert page.entries == (replace(BARE, number=2), replace(FULL, number=1))
    assert page.next_cursor is None


def test_pages_meet_without_gap_though_more_comes(store: PassageStore) -> None:
    audit = store.access.audit
    for number in range(7):
        audit.note(replace(BARE, subject=str(number)))
    seen, cursor = [], None
    for _ in range(3):
        page = audit.page(3, cursor, ALL)
        seen += [entry.subject for entry in page.entries]
        cursor = page.next_cursor
        audit.note(replace(BARE, subject="new"))
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert cursor is None


def test_filters(store: PassageStore) -> None:
    audit = store.access.audit
    audit.note(FULL)
    audit.note(BARE)
    audit.note(replace(FULL, action="sign_out"))

    def numbers(wanted: AuditFilter) -> list[int]:
        return [entry.number for entry in audit.page(10, None, wanted).entries]

    assert numbers(AuditFilter(action="sign_in")) == [2, 1]
    assert numbers(AuditFilter(actor="Änne")) == [3, 1]
    assert numbers(AuditFilter(succeeded=False)) == [2]
    assert numbers(AuditFilter("sign_in", "Änne", True)) == [1]
    assert numbers(AuditFilter(actor="' OR 1")) == []


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "9" * 40, "1 OR 1", "\u0661"])
def test_foreign_cursors_are_refused(store: PassageStore, cursor: str) -> None:
    with pytest.raises(CursorError):
        store.access.audit.page(10, cursor, ALL)


def test_whoever_fails_often_pushes_out_failures_only(
    store: PassageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.store.audit.MAX_FAILED", 20)
    monkeypatch.setattr("lpr_engine.store.audit.MAX_SUCCEEDED", 2)
    audit = store.access.audit
    for _ in range(3):
        audit.note(FULL)
    for _ in range(197):
        audit.note(BARE)
    entries = audit.page(500, None, ALL).entries
    assert [entry.number for entry in entries] == [*range(200, 180, -1), 3, 2]


def test_old_entries_go(storage: StorageSection, clock: HeldClock) -> None:
    with PassageStore(storage, RetentionSection(audit_days=10), clock) as store:
        store.retain()
        store.access.audit.note(FULL)
        store.access.audit.note(replace(FULL, at=NOON + timedelta(days=5)))
        clock.advance(timedelta(days=11))
        assert store.retain().audit_entries == 1
        entries = store.access.audit.page(10, None, ALL).entries
        assert [entry.number for entry in entries] == [2]


def test_without_a_limit_all_stay(storage: StorageSection, clock: HeldClock) -> None:
    with PassageStore(storage, RetentionSection(audit_days=0), clock) as store:
        store.access.audit.note(FULL)
        clock.advance(timedelta(days=4000))
        assert store.retain().audit_entries == 0
        assert len(store.access.audit.page(10, None, ALL).entries) == 1
