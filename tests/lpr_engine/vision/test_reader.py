"""The reader on networks that spell a crop's colours: colour order, batches, refusals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto

from lpr_engine.model.errors import ModelError
from lpr_engine.model.observation import Crop
from lpr_engine.vision.reader import FastPlateReader, named_regions
from lpr_engine.vision.runtime import Runtime

Speller = Callable[..., tuple[Path, Path]]


def crop_of(red: int, green: int, blue: int, shape: tuple[int, int] = (20, 60)) -> Crop:
    return Crop(np.full((*shape, 3), (blue, green, red), np.uint8), 1.0)


def value_of(sign: str) -> int:
    column = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_".index(sign)
    return int(column * 256 / 37) + 3


def test_colours_reach_the_network_as_rgb(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(), runtime)

    (reading,) = reader.read([crop_of(*(value_of(sign) for sign in "A7Z"))])

    assert reading.text == "A7Z"
    assert reading.characters == (
        ("A", pytest.approx(0.64)),
        ("7", pytest.approx(0.64)),
        ("Z", pytest.approx(0.64)),
    )
    assert reading.confidence == pytest.approx(0.64**3)


def test_whole_distribution_comes_with_the_reading(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(), runtime)

    (reading,) = reader.read([crop_of(0, 128, 255)])

    assert reading.probabilities.shape == (3, 37)
    assert reading.probabilities.dtype == np.float32
    assert reading.probabilities.sum(axis=1) == pytest.approx(1)
    assert reading.probabilities.min() == pytest.approx(0.01)
    assert reading.alphabet == reader.config.alphabet


def test_pads_are_no_part_of_the_text(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(), runtime)

    texts = [
        reader.read([crop_of(*(value_of(sign) for sign in signs))])[0].text
        for signs in ("AB_", "_B_", "A_B", "___")
    ]

    assert texts == ["AB", "B", "AB", ""]


@pytest.mark.parametrize("batch", ["n", 1, 4])
def test_many_crops_of_many_sizes_keep_their_order(
    batch: int | str, speller: Speller, runtime: Runtime
) -> None:
    reader = FastPlateReader(*speller(batch=batch), runtime)
    words = [f"{n:03d}" for n in range(70)]
    crops = [
        crop_of(*(value_of(sign) for sign in word), shape=(10 + n, 5 + 3 * n))
        for n, word in enumerate(words)
    ]

    assert [reading.text for reading in reader.read(crops)] == words


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (3000, 6000)])
def test_crops_of_any_shape_are_read(
    shape: tuple[int, int], speller: Speller, runtime: Runtime
) -> None:
    reader = FastPlateReader(*speller(), runtime)
    crop = crop_of(*(value_of(sign) for sign in "XYZ"), shape=shape)

    assert reader.read([crop])[0].text == "XYZ"


def test_no_crops_no_readings(speller: Speller, runtime: Runtime) -> None:
    assert FastPlateReader(*speller(), runtime).read([]) == []


def test_logits_become_probabilities(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(peak=9.0), runtime)

    (reading,) = reader.read([crop_of(*(value_of(sign) for sign in "A7Z"))])

    assert reading.text == "A7Z"
    assert reading.probabilities.sum(axis=1) == pytest.approx(1)


def test_network_of_float_input_is_fed_floats(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(input_type=TensorProto.FLOAT), runtime)

    assert reader.read([crop_of(*(value_of(sign) for sign in "A7Z"))])[0].text == "A7Z"


def test_colour_mode_is_the_networks_where_the_config_has_none(
    speller: Speller, runtime: Runtime
) -> None:
    weights, config = speller()
    config.write_text(config.read_text().replace("image_color_mode: rgb\n", ""))

    reader = FastPlateReader(weights, config, runtime)

    assert reader.read([crop_of(*(value_of(sign) for sign in "A7Z"))])[0].text == "A7Z"


def test_region_is_read_where_there_is_a_region_head(speller: Speller, runtime: Runtime) -> None:
    reader = FastPlateReader(*speller(regions=3, config="plate_regions: [DE, FR, IT]\n"), runtime)

    (reading,) = reader.read([crop_of(10, 250, 10)])

    assert reading.region == "FR"
    assert reading.region_confidence > 0.9
    assert reading.regions[0] == ("FR", reading.region_confidence)
    assert sum(chance for _, chance in reading.regions) <= 1.0 + 1e-6


def test_states_beyond_the_likeliest_count_for_their_country() -> None:
    names = ["DE", *(f"US-{letter}" for letter in "ABCDEFGHIJ"), "FR"]
    chances = np.array([0.2, 0.3, *[0.05] * 9, 0.05], np.float32)

    named = dict(named_regions(chances, names))

    assert (named["DE"], named["US-A"]) == pytest.approx((0.2, 0.3))
    assert sum(chance for name, chance in named.items() if name[:2] == "US") == pytest.approx(0.75)
    assert named_regions(None, names) == named_regions(chances, None) == ()


def test_regions_that_do_not_fit_are_refused(speller: Speller, runtime: Runtime) -> None:
    with pytest.raises(ModelError, match="3 regions, the config has 2"):
        FastPlateReader(*speller(regions=3, config="plate_regions: [DE, FR]\n"), runtime)


def test_slots_that_do_not_fit_are_refused(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller(slots=4)

    with pytest.raises(ModelError, match=f"{weights} and {config} do not fit.* 3 x 37 .*4 slots"):
        FastPlateReader(weights, config, runtime)


def test_picture_size_that_does_not_fit_is_refused(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller()
    config.write_text(config.read_text().replace("img_height: 16", "img_height: 64"))

    with pytest.raises(ModelError, match="do not fit"):
        FastPlateReader(weights, config, runtime)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max_plate_slots: 3\n", "", "needs 'max_plate_slots' as int"),
        ("max_plate_slots: 3", "max_plate_slots: three", "needs 'max_plate_slots' as int"),
        ("max_plate_slots: 3", "max_plate_slots: 0", "'max_plate_slots' must be at least 1"),
        ("pad_char: '_'", "pad_char: '-'", "'pad_char' must be one character of 'alphabet'"),
        ("alphabet: '0", "alphabet: '00", "names a character twice"),
        ("img_height", "image_height", "unknown key 'image_height'"),
        ("max_plate_slots: 3", "max_plate_slots: [", "no valid YAML"),
    ],
)
def test_broken_plate_config_is_refused(
    old: str, new: str, message: str, speller: Speller, runtime: Runtime
) -> None:
    weights, config = speller()
    config.write_text(config.read_text().replace(old, new))

    with pytest.raises(ModelError, match=f"{config}: .*{message}"):
        FastPlateReader(weights, config, runtime)


@pytest.mark.parametrize("content", ["", "[1, 2]", "text"])
def test_plate_config_that_is_no_mapping_is_refused(
    content: str, speller: Speller, runtime: Runtime
) -> None:
    weights, config = speller()
    config.write_text(content)

    with pytest.raises(ModelError, match=f"{config}: "):
        FastPlateReader(weights, config, runtime)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("missing", [True, False])
def test_missing_and_empty_files_are_named(
    which: int, missing: bool, speller: Speller, runtime: Runtime
) -> None:
    files = speller()
    files[which].unlink()
    if not missing:
        files[which].touch()

    with pytest.raises(ModelError, match=f"{files[which]}: .*{'missing' if missing else 'empty'}"):
        FastPlateReader(*files, runtime)


def test_corrupt_weights_are_refused(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller()
    weights.write_bytes(weights.read_bytes()[:100])

    with pytest.raises(ModelError, match=f"{weights}: cannot be run"):
        FastPlateReader(weights, config, runtime)
