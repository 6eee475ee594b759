"""Every pair of network and plate config either fits or is refused with both names."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from lpr_engine.model.errors import ModelError
from lpr_engine.model.observation import Crop
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime
from lpr_engine.vision.second_look import SecondLookReader

Speller = Callable[..., tuple[Path, Path]]
REGIONS = {0: "", 2: "plate_regions: [DE, FR]\n", 3: "plate_regions: [DE, FR, 'NO']\n"}


def refusal(weights: Path, config: Path, runtime: Runtime) -> str | None:
    try:
        FastPlateReader(weights, config, runtime)
    except ModelError as err:
        return str(err)
    return None


@pytest.mark.parametrize(
    ("slots", "signs", "size", "known", "named"),
    list(itertools.product((3, 4), (37, 36), ((16, 32), (48, 32)), (0, 3), (0, 2, 3))),
)
def test_only_what_fits_is_opened(
    slots: int,
    signs: int,
    size: tuple[int, int],
    known: int,
    named: int,
    speller: Speller,
    runtime: Runtime,
) -> None:
    weights, config = speller(slots=slots, regions=known, config=REGIONS[named])
    text = config.read_text().replace("img_height: 16", f"img_height: {size[0]}")
    config.write_text(text.replace("alphabet: '0", "alphabet: '") if signs == 36 else text)

    problem = refusal(weights, config, runtime)

    if (slots, signs, size) == (3, 37, (16, 32)) and known == named:
        assert problem is None
    else:
        assert problem is not None
        assert f"{weights} and {config} do not fit: " in problem


def test_slots_and_characters_that_are_swapped_are_refused(
    speller: Speller, runtime: Runtime
) -> None:
    weights, config = speller(slots=37)
    text = config.read_text()
    config.write_text(re.sub("alphabet: .*", "alphabet: 'AB_'", text))

    problem = refusal(weights, config, runtime)

    assert problem is not None
    assert "3 x 37 values" in problem
    assert "37 slots of 3 characters" in problem


@pytest.mark.parametrize(
    ("known", "named", "told"),
    [
        (0, 2, "tells no regions apart, the config has 2"),
        (3, 0, "tells regions apart, the config names none"),
        (3, 2, "knows 3 regions, the config has 2"),
    ],
)
def test_regions_that_do_not_fit_are_told(
    known: int, named: int, told: str, speller: Speller, runtime: Runtime
) -> None:
    problem = refusal(*speller(regions=known, config=REGIONS[named]), runtime)

    assert problem is not None
    assert told in problem


@pytest.mark.parametrize("kind", [TensorProto.INT32, TensorProto.FLOAT16, TensorProto.DOUBLE])
def test_pictures_of_other_types_are_refused(kind: int, speller: Speller, runtime: Runtime) -> None:
    problem = refusal(*speller(input_type=kind), runtime)

    assert problem is not None
    assert "a plate reader tensor(uint8) or tensor(float)" in problem


def test_network_of_two_inputs_is_refused(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller()
    model = onnx.load(weights)
    model.graph.input.append(onnx.helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))
    onnx.save(model, weights)

    problem = refusal(weights, config, runtime)

    assert problem is not None
    assert "takes 2 inputs" in problem


def test_file_that_is_no_reader_is_refused(
    spotter: Callable[..., Path], speller: Speller, runtime: Runtime
) -> None:
    detector, (_, config) = spotter(), speller()

    problem = refusal(detector, config, runtime)

    assert problem is not None
    assert f"{detector} and {config} do not fit" in problem


@pytest.mark.parametrize("batch", ["n", 1, 4])
def test_region_comes_through_the_whole_reader(
    batch: int | str, speller: Speller, runtime: Runtime
) -> None:
    """Uncertain crops too, which are looked at twice, in any batch."""
    files = speller(regions=3, config=REGIONS[3], batch=batch)
    colours = [(250, 10, 10), (10, 250, 10), (10, 10, 250)] * 3
    crops = [Crop(np.full((20, 60, 3), colour[::-1], np.uint8), 1.0) for colour in colours]

    readings = SecondLookReader(FastPlateReader(*files, runtime), sure=1.1).read(crops)

    assert [reading.region for reading in readings] == ["DE", "FR", "NO"] * 3
    assert all(reading.region_confidence > 0.9 for reading in readings)


def test_regions_of_logits_become_probabilities(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller(regions=3, config=REGIONS[3])
    model = onnx.load(weights)
    (head,) = (node for node in model.graph.node if node.output[0] == "region")
    head.op_type = "Identity"
    del head.attribute[:]
    onnx.save(model, weights)

    (reading,) = FastPlateReader(weights, config, runtime).read(
        [Crop(np.full((20, 60, 3), (60, 180, 60), np.uint8), 1.0)]
    )

    assert reading.region == "FR"
    assert 0.9 < reading.region_confidence <= 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("interpolation: best", "'interpolation' must be one of nearest, linear"),
        ("keep_aspect_ratio: sometimes", "'keep_aspect_ratio' must be true or false"),
        ("padding_color: [1, 2]", "'padding_color' must be a number or a list of three"),
        ("padding_color: 256", "'padding_color' must be"),
        ("plate_regions: [SE, NO]", "'plate_regions' must be .* in quotes"),
        ("plate_regions: DE", "'plate_regions' must be"),
        ("plate_regions: [DE, DE]", "'plate_regions' must be a list of different names"),
    ],
)
def test_values_that_the_library_would_fail_on_are_refused(
    line: str, told: str, speller: Speller, runtime: Runtime
) -> None:
    weights, config = speller(config=f"{line}\n")

    with pytest.raises(ModelError, match=f"{config}: {told}"):
        FastPlateReader(weights, config, runtime)


def test_colour_mode_that_nobody_knows_is_refused(speller: Speller, runtime: Runtime) -> None:
    weights, config = speller()
    config.write_text(config.read_text().replace("mode: rgb", "mode: bgr"))

    with pytest.raises(ModelError, match="'image_color_mode' must be grayscale or rgb, not 'bgr'"):
        FastPlateReader(weights, config, runtime)


@pytest.mark.parametrize("padding", ["114", "[10, 20, 30]"])
@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (1, 1), (20, 60)])
def test_networks_that_want_the_aspect_kept_read_any_shape(
    padding: str, shape: tuple[int, int], speller: Speller, runtime: Runtime
) -> None:
    files = speller(config=f"keep_aspect_ratio: true\npadding_color: {padding}\n")

    (reading,) = FastPlateReader(*files, runtime).read(
        [Crop(np.full((*shape, 3), 200, np.uint8), 1.0)]
    )

    assert len(reading.text) == 3
