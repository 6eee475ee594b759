"""The bundled models see what the project draws no worse than when they were bundled.

Figures of new weights: `python -m tests.lpr_engine.training.evaluation.pin`.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.lpr_engine.training.evaluation import pin
from tests.lpr_engine.training.evaluation.plain_plates import COUNT, write_plain_plates
from tests.lpr_engine.training.evaluation.plain_streets import SETS, streets, write_streets


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> pin.Shares:
    return pin.READER.measured(tmp_path_factory.mktemp("plain") / "plates")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> pin.Shares:
    return pin.VISION.measured(tmp_path_factory.mktemp("plain") / "streets")


def assert_held(shares: pin.Shares, pinned: pin.Shares, name: str, kind: str) -> None:
    least = pinned[name][kind]
    assert shares[name][kind] >= least, (
        f"{name}: {kind} {shares[name][kind]:.4f} is less than the pinned {least:.4f}"
    )


@pytest.mark.parametrize("kind", ["exact", "exact_folded"])
@pytest.mark.parametrize("name", ["clean", "worn", "total"])
def test_reader_reads_at_least_the_pinned_share(name: str, kind: str, read: pin.Shares) -> None:
    assert_held(read, pin.READER.pinned(), name, kind)


@pytest.mark.parametrize("kind", ["found", "tight", "exact", "exact_folded"])
@pytest.mark.parametrize("name", [*SETS, "total"])
def test_detector_and_reader_see_at_least_the_pinned_share(
    name: str, kind: str, seen: pin.Shares
) -> None:
    assert_held(seen, pin.VISION.pinned(), name, kind)


def test_pinned_figures_are_worth_holding() -> None:
    plates, pictures = pin.READER.pinned(), pin.VISION.pinned()["total"]
    assert plates["clean"]["exact_folded"] > plates["worn"]["exact_folded"] > 0.5
    assert pictures["found"] > 0.8
    assert pictures["found"] > pictures["exact_folded"] > 0.5


@pytest.mark.parametrize(
    ("write", "files"),
    [(write_plain_plates, COUNT + 1), (lambda folder: write_streets(folder, 4), 4 + len(SETS))],
)
def test_drawing_is_the_same_each_time(
    write: Callable[[Path], None], files: int, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        write(tmp_path / name)
    drawn = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(drawn) == files
    assert all(
        (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        for file in drawn
    )


def test_plates_of_streets_are_where_they_are_said_to_be() -> None:
    for street in streets(6):
        height, width = street.pixels.shape[:2]
        box = street.box
        assert box.clipped(width, height) == box
        inside = street.pixels[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        rows = slice(int(box.y0) - 4, int(box.y0) - 1)
        holder = street.pixels[rows, int(box.x0) : int(box.x1)]
        assert np.ptp(inside) > np.ptp(holder)
