import numpy as np

from lpr_engine.training.synthetic.bank import MAX_CHARACTERS, STORED_SIZE, fill_bank, open_bank


def test_a_bank_keeps_what_was_rendered(tmp_path):
    fill_bank(tmp_path, 12, seed=5)
    bank = open_bank(tmp_path)
    assert len(bank) == 12
    assert bank.images.shape == (12, *STORED_SIZE, 3)
    known = np.isfinite(bank.centres).all(2).sum(1)
    assert known.tolist() == [len(text) for text in bank.texts]
    assert max(known) <= MAX_CHARACTERS


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
