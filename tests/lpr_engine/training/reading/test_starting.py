import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from lpr_engine.training.reading.command import BUNDLED_START
from lpr_engine.training.reading.network import PlateReader
from lpr_engine.training.reading.starting import (
    ReaderStartError,
    start_from,
    write_start,
)

pytestmark = pytest.mark.training


def _answer(network):
    with torch.no_grad():
        return network.eval()(torch.full((1, 3, 48, 160), 90.0))


def test_a_network_starts_as_another_ended(tmp_path):
    before, after = PlateReader(("BR", "CN")), PlateReader(("BR", "CN"))
    write_start(before, tmp_path / "start.npz")
    assert start_from(after, tmp_path / "start.npz") == []
    for ours, theirs in zip(_answer(after), _answer(before), strict=True):
        assert torch.allclose(ours, theirs, atol=0.02)


def test_other_regions_start_fresh_and_are_named(tmp_path):
    write_start(PlateReader(("BR", "CN")), tmp_path / "start.npz")
    network = PlateReader(("BR", "US"))
    head = network.region[1].weight.detach().clone()
    fresh = start_from(network, tmp_path / "start.npz")
    assert fresh == ["region.0.weight", "region.0.bias", "region.1.weight", "region.1.bias"]
    assert torch.equal(network.region[1].weight, head)


def test_a_checkpoint_gives_its_average(tmp_path):
    average = PlateReader()
    torch.save({"step": 3, "average": average.state_dict()}, tmp_path / "reader.pt")
    network = PlateReader()
    assert start_from(network, tmp_path / "reader.pt") == []
    assert torch.equal(network.queries, average.queries)


def test_what_is_shipped_fits_this_network():
    fresh = start_from(PlateReader(), BUNDLED_START)
    assert fresh == []


@pytest.mark.parametrize("name", ["start.npz", "reader.pt"])
@pytest.mark.parametrize(
    "content", [b"", b"no weights at all", b"root:x:0:0:root", b"PK\x03\x04 cut off"]
)
def test_files_that_are_no_weights_are_named(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReaderStartError, match=name):
        start_from(PlateReader(), path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReaderStartError, match=r"absent\.npz"):
        start_from(PlateReader(), tmp_path / "absent.npz")


def test_weights_of_something_else_are_refused(tmp_path):
    np.savez(tmp_path / "other.npz", weight=np.zeros(3, np.float16))
    torch.save({"model": 1}, tmp_path / "other.pt")
    with pytest.raises(ReaderStartError, match="none of its 1 tensors"):
        start_from(PlateReader(), tmp_path / "other.npz")
    with pytest.raises(ReaderStartError, match="no checkpoint"):
        start_from(PlateReader(), tmp_path / "other.pt")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    network = PlateReader()
    with torch.no_grad():
        network.queries.fill_(1e9)
    with np.errstate(over="ignore"):
        write_start(network, tmp_path / "start.npz")
    with pytest.raises(ReaderStartError, match="finite"):
        start_from(PlateReader(), tmp_path / "start.npz")
