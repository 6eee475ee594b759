"""The bundled reader reads plates that the project draws no worse than when it was bundled.

Figures of new weights: `python -m tests.lpr_engine.training.evaluation.pin`.
"""

import json
from pathlib import Path

import pytest

from tests.lpr_engine.training.evaluation import pin
from tests.lpr_engine.training.evaluation.plain_plates import COUNT, write_plain_plates


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> pin.Shares:
    return pin.measured(tmp_path_factory.mktemp("plain") / "plates")


def pinned() -> pin.Shares:
    return json.loads(pin.PINNED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["exact", "exact_folded"])
@pytest.mark.parametrize("name", ["clean", "worn", "total"])
def test_share_of_exact_reads_is_at_least_the_pinned_one(
    name: str, kind: str, shares: pin.Shares
) -> None:
    least = pinned()[name][kind]
    assert shares[name][kind] >= least, (
        f"{name}: {kind} {shares[name][kind]:.4f} is less than the pinned {least:.4f}"
    )


def test_pinned_figures_are_worth_holding() -> None:
    figures = pinned()
    assert figures["clean"]["exact_folded"] > figures["worn"]["exact_folded"] > 0.5


def test_drawing_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_plain_plates(tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == COUNT + 1
    assert all(
        (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        for file in files
    )
