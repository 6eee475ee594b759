import itertools

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from torch.utils.data import DataLoader

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.feed import Feed
from lpr_engine.training.reading.regions import RegionList
from lpr_engine.training.synthetic.bank import fill_bank, open_bank

pytestmark = pytest.mark.training
REGIONS = RegionList(("BR", "US", "US-CA"))


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    fill_bank(folder, 6, 1)
    return open_bank(folder)


def _crops():
    images = np.random.default_rng(0).integers(0, 255, (4, 64, 256, 3), dtype=np.uint8)
    texts, groups = ["A1", "B2", "C3", "D4"], ["us", "us", "us", "br"]
    return CropSet(images, np.full(4, 3.0, np.float32), texts, groups, ["us", "us-ca", "x", "br"])


def _feed(bank, **changed):
    given = {"batch_size": 4, "real_share": 0.5, "group_weights": {}, "seed": 3}
    around = np.zeros((0, 48, 160, 3), np.uint8)
    return Feed(bank, _crops(), around, regions=REGIONS, **{**given, **changed})


def _taken(source, count):
    return [batch.pictures for batch in itertools.islice(iter(source), count)]


def _same(ours, theirs):
    return all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_a_resumed_feed_goes_on_where_it_was(bank):
    whole = _taken(_feed(bank), 5)
    assert _same(whole[3:], _taken(_feed(bank, first=3), 2))
    assert not torch.equal(whole[0], whole[3])


def test_workers_share_the_batches_of_one(bank):
    loader = DataLoader(_feed(bank), batch_size=None, num_workers=2)
    assert _same(_taken(loader, 4), _taken(_feed(bank), 4))


def test_crops_alone_fill_a_batch():
    batch = next(iter(_feed(None, batch_size=64)))
    assert batch.pictures.shape == (64, 48, 160, 3)
    assert torch.isnan(batch.centres).all()
    assert set(batch.regions.tolist()) == {REGIONS.written(w) for w in ("us", "us-ca", "x", "br")}


def test_a_group_is_drawn_by_its_weight():
    batch = next(iter(_feed(None, batch_size=400, group_weights={"br": 9.0})))
    assert 0.8 < (batch.regions == REGIONS.written("br")).float().mean() < 0.97


def test_a_curriculum_begins_clean(bank):
    def roughness(feed):
        pictures = np.concatenate([p.numpy() for p in _taken(feed, 3)]).astype(float)
        return float(np.abs(np.diff(pictures, axis=2)).mean())

    clean = _feed(bank, real_share=0.0, batch_size=24, curriculum=10_000)
    again = _feed(bank, real_share=0.0, batch_size=24, curriculum=10_000, first=10_000)
    assert roughness(clean) > 1.2 * roughness(again)
    assert _same(
        _taken(again, 1), _taken(_feed(bank, real_share=0.0, batch_size=24, first=10_000), 1)
    )
