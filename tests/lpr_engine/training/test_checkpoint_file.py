import errno
import os
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from lpr_engine.training.checkpoint_file import CheckpointError, CheckpointFile

pytestmark = pytest.mark.training


@pytest.fixture
def checkpoint(tmp_path):
    file = CheckpointFile(tmp_path / "reader.pt", ("step", "weights"))
    for step in (1, 2):
        file.save(_state(step))
    return file


def _state(step):
    return {"step": step, "weights": torch.full((1000,), float(step))}


def _damage(path: Path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def test_the_newest_state_is_loaded(checkpoint):
    state = checkpoint.load()
    assert state["step"] == 2
    assert torch.equal(state["weights"], torch.full((1000,), 2.0))


def test_nothing_is_there_before_the_first(tmp_path):
    assert CheckpointFile(tmp_path / "reader.pt", ("step",)).load() is None


def test_one_flipped_byte_is_noticed_and_the_state_before_used(checkpoint, caplog):
    _damage(checkpoint.path)
    assert checkpoint.load()["step"] == 1
    assert f"{checkpoint.path}: damaged" in caplog.text
    assert f"going on from the checkpoint before: {checkpoint.previous}" in caplog.text


@pytest.mark.parametrize("left", [0, 10, 3000])
def test_a_file_cut_off_is_noticed(checkpoint, left):
    checkpoint.path.write_bytes(checkpoint.path.read_bytes()[:left])
    assert checkpoint.load()["step"] == 1


def test_a_power_cut_between_both_renames_loses_nothing(checkpoint):
    checkpoint.path.replace(checkpoint.previous)
    assert checkpoint.load()["step"] == 2


def test_when_all_are_damaged_both_are_named(checkpoint):
    _damage(checkpoint.path)
    _damage(checkpoint.previous)
    with pytest.raises(CheckpointError) as caught:
        checkpoint.load()
    assert str(checkpoint.path) in str(caught.value)
    assert str(checkpoint.previous) in str(caught.value)


def test_a_state_of_something_else_is_refused(checkpoint):
    torch.save({"other": 1}, checkpoint.path)
    torch.save([1], checkpoint.previous)
    with pytest.raises(CheckpointError, match="no checkpoint of such a training"):
        checkpoint.load()


def test_a_full_disk_leaves_what_was_there(checkpoint, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CheckpointError, match=r"No space left on device.*the one before is whole"):
        checkpoint.save(_state(3))
    assert sorted(p.name for p in checkpoint.path.parent.iterdir()) == [
        "reader.previous.pt",
        "reader.pt",
    ]
    assert checkpoint.load()["step"] == 2
