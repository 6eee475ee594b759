import numpy as np

from lpr_engine.training.synthetic import bank as bank_module
from lpr_engine.training.synthetic.bank import MAX_CHARACTERS, STORED_SIZE, fill_bank, open_bank


def test_a_bank_keeps_what_was_rendered(tmp_path):
    fill_bank(tmp_path, 12, seed=5)
    bank = open_bank(tmp_path)
    assert len(bank) == 12
    assert bank.images.shape == (12, *STORED_SIZE, 3)
    known = np.isfinite(bank.centres).all(2).sum(1)
    assert known.tolist() == [len(text) for text in bank.texts]
    assert max(known) <= MAX_CHARACTERS
    assert len(bank.regions) == 12
    assert all(bank.regions)


def test_filling_again_adds_nothing_and_changes_nothing(tmp_path):
    fill_bank(tmp_path, 6, seed=5)
    before = open_bank(tmp_path)
    fill_bank(tmp_path, 6, seed=5)
    after = open_bank(tmp_path)
    assert before.texts == after.texts
    assert np.array_equal(before.images, after.images)


def test_a_seed_decides_the_plates(tmp_path):
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        fill_bank(tmp_path / name, 4, seed=seed)
        texts.append(open_bank(tmp_path / name).texts)
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_chunks_of_older_versions_know_no_regions(tmp_path):
    fill_bank(tmp_path, 3, seed=5)
    path = next(tmp_path.glob("plates-*.npz"))
    with np.load(path) as chunk:
        kept = {name: chunk[name] for name in chunk.files if name != "regions"}
    np.savez(path, **kept)
    assert open_bank(tmp_path).regions == ["", "", ""]


def test_several_processes_render_the_same_plates(tmp_path, monkeypatch):
    monkeypatch.setattr(bank_module, "_CHUNK", 2)
    for name, workers in (("alone", 1), ("together", 2)):
        fill_bank(tmp_path / name, 3, seed=5, workers=workers)
    one, two = (open_bank(tmp_path / name) for name in ("alone", "together"))
    assert one.texts == two.texts
    assert one.regions == two.regions
    assert np.array_equal(one.images, two.images)
