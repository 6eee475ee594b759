from dataclasses import replace

import numpy as np
import pytest

from lpr_engine.training.synthetic import plate_formats
from lpr_engine.training.synthetic.captioned_sheet import captioned_sheet
from lpr_engine.training.synthetic.drawn_set import (
    Drawing,
    DrawnCrop,
    DrawnSetError,
    formats_of_countries,
    write_crops,
)


def test_plate_depends_on_seed_and_number_alone():
    few, many = list(Drawing(2, 5).crops()), list(Drawing(4, 5).crops())
    assert [crop.text for crop in few] == [crop.text for crop in many[:2]]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(few, many, strict=False))
    assert [crop.text for crop in Drawing(4, 6).crops()] != [crop.text for crop in many]


def test_clean_plates_are_not_worn():
    worn, clean = (next(Drawing(1, 3, clean=clean).crops()) for clean in (False, True))
    assert worn.text == clean.text
    assert worn.image.shape[0] == 64
    assert worn.image.dtype == clean.image.dtype == np.uint8
    assert not np.array_equal(worn.image, clean.image)


@pytest.mark.parametrize(
    ("codes", "countries"), [(["DE"], {"DE"}), (["DE", "GB", "DE"], {"DE", "GB"})]
)
def test_countries_choose_formats(codes, countries):
    formats = formats_of_countries(codes)
    assert {one.region.partition("-")[0] for one in formats} == countries
    assert len(formats) == len(set(formats))


def test_a_part_that_is_not_known_stands_for_its_country():
    assert formats_of_countries(["DE-QQ"]) == formats_of_countries(["DE"])


def test_a_country_stands_for_all_its_parts(monkeypatch):
    german = next(one for one in plate_formats() if one.region == "DE")
    parts = tuple(replace(german, region=f"XX-{part}") for part in ("AA", "BB"))
    monkeypatch.setattr(
        "lpr_engine.training.synthetic.drawn_set.plate_formats", lambda: (german, *parts)
    )
    assert formats_of_countries(["XX"]) == parts
    assert formats_of_countries(["XX-BB"]) == parts[1:]


def test_unknown_country_is_an_error():
    with pytest.raises(DrawnSetError, match="'QX'"):
        formats_of_countries(["DE", "QX"])


def test_a_run_that_is_cut_short_leaves_no_labels(tmp_path):
    folder = tmp_path / "drawn"
    write_crops(folder, Drawing(2, 1))

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_crops(folder, Drawing(4, 2), overwrite=True, progress=stop)
    assert not (folder / "crops" / "labels.csv").exists()


def test_progress_is_told_for_each_plate(tmp_path):
    steps = []
    write_crops(tmp_path / "drawn", Drawing(3, 1), progress=lambda *step: steps.append(step))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_sheet_shows_every_plate_in_its_own_shape():
    red = DrawnCrop(np.full((50, 100, 3), (220, 0, 0), np.uint8), "AB-1", "US-CA")
    tall = DrawnCrop(np.full((100, 50, 3), (220, 0, 0), np.uint8), "X", "GB")
    sheet = captioned_sheet([red] * 6 + [tall]).astype(int)
    is_red = (sheet[..., 0] > 200) & (sheet[..., 1] < 40)
    first_row = is_red[: sheet.shape[0] // 2].sum()
    assert first_row == 6 * 64 * 128
    assert is_red.sum() - first_row == 64 * 32
    assert ((sheet.max(2) < 120) & ~is_red).sum() > 50
