"""The trials' command on a few drawn pictures: tables with the rows that they should have."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import pytest

from lpr_engine.training.evaluation.trials.__main__ import main


def rows(page: str, beginning: str) -> list[list[str]]:
    """The cells of all rows that begin so."""
    cells = [re.split(r"\s*│\s*", line.strip("│ ")) for line in page.splitlines() if "│" in line]
    return [one for one in cells if one[0].startswith(beginning)]


def test_sizes_are_tabled_and_drawn(
    judged: Path, validated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "sizes.png"
    folders = [str(validated), str(judged)]

    assert main(["sizes", "--data", *folders, "--sizes", "64", "640", "--plot", str(plot)]) == 0

    page = capsys.readouterr().out
    for file in ("half precision", "eight bits"):
        small, large = rows(page, file)
        assert (small[1], large[1]) == ("64", "640")
        assert (large[2], large[5]) == ("100.0 %", "100.0 %")
        assert float(large[4]) > float(small[4])
    height, width = cv2.imread(str(plot)).shape[:2]
    assert width > 2 * height


def test_parts_are_tabled_for_each_folder(
    judged: Path, validated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parts", "--data", str(validated), str(judged)]) == 0

    page = capsys.readouterr().out
    without_texts, with_texts = rows(page, "everything")
    assert without_texts[1] == with_texts[1] == "100.0 %"
    assert (len(without_texts), len(with_texts)) == (6, 8)
    assert len(rows(page, "without closer look")) == 2
    assert len(rows(page, "without wider crop")) == 1


def test_held_out_crops_are_read_in_every_trial(
    crops: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crops", "--labels", str(crops)]) == 0

    page = capsys.readouterr().out
    assert "Exact reads of 2 held-out crops" in page
    (everything,) = rows(page, "everything")
    assert everything[1] == "100.0 %"
    assert rows(page, "without closer look") == []
    assert len(rows(page, "without")) == 5


def test_small_plates_are_looked_for_in_large_frames(
    judged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["frames", "--data", str(judged), "--widths", "60"]) == 0

    page = capsys.readouterr().out
    (whole,), (tiled,) = rows(page, "whole, 640"), rows(page, "tiles, 640")
    assert float(tiled[1].rstrip(" %")) >= float(whole[1].rstrip(" %"))
    assert float(tiled[-1]) > float(whole[-1])


@pytest.mark.parametrize("trial", ["sizes", "parts", "frames"])
def test_what_is_missing_is_told(
    trial: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([trial, "--data", str(tmp_path / "none")]) == 1
    assert "none: no such folder" in capsys.readouterr().err


def test_crops_without_held_out_ones_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels.csv").write_text("image_path,plate_text\n", encoding="utf-8")
    assert main(["crops", "--labels", str(tmp_path / "labels.csv")]) == 1
    assert "held-out" in capsys.readouterr().err
