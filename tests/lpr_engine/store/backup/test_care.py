"""Long work leaves room on the disk, can be ended, and tells how far it is."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.backup.care import SPARE_BYTES, Care, WorkEndedError

Usage = namedtuple("Usage", "total used free")
MEGABYTE = 1_000_000


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is free on the disk, to be changed."""
    found = [1000 * MEGABYTE]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, found[0]))
    return found


def test_what_fits_with_something_to_spare_may_begin(tmp_path: Path, free: list[int]) -> None:
    care = Care(tmp_path)
    care.expect(free[0] - SPARE_BYTES)
    with pytest.raises(DiskFullError, match=r"no space left.* 933 MB .* 68 MB to spare.*1000 MB"):
        care.expect(free[0] - SPARE_BYTES + 1)


def test_disk_that_fills_up_meanwhile_ends_the_work(tmp_path: Path, free: list[int]) -> None:
    care = Care(tmp_path)
    care.note(20 * MEGABYTE)
    free[0] = SPARE_BYTES - 1
    with pytest.raises(DiskFullError):
        for _ in range(20):
            care.note(MEGABYTE)
    assert 20 * MEGABYTE < care.done_bytes < 40 * MEGABYTE


def test_ended_work_hears_of_it_at_the_next_piece(tmp_path: Path) -> None:
    care = Care(tmp_path)
    care.note(1)
    care.end()
    with pytest.raises(WorkEndedError):
        care.note(1)
    assert care.done_bytes == 1


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone"):
        Care(tmp_path / "gone").expect(1)
