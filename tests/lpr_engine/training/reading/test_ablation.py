import dataclasses
import io

import pytest
from rich.console import Console

pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("onnxslim")

from lpr_engine.training.reading import ReaderOptions, Score
from lpr_engine.training.reading.ablation import (
    ABLATIONS,
    Ablation,
    as_table,
    main,
    train_each,
    without_group,
)

WHOLE = {"real_share": 0.4, "guidance": 0.3, "region_weight": 0.2}


@pytest.fixture
def whole(tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("image_path,plate_text\n")
    return ReaderOptions(labels=(labels,), out=tmp_path / "out", around=(tmp_path,), **WHOLE)


def printed(results) -> list[list[str]]:
    page = io.StringIO()
    Console(file=page, width=100).print(as_table(results))
    return [line.split() for line in page.getvalue().splitlines()]


def test_each_leaves_one_thing_out_and_shares_the_drawn_plates(whole):
    first, *others = [ablation.options(whole) for ablation in ABLATIONS]
    assert {one.bank for one in [first, *others] if one.bank} == {whole.out / "bank"}
    assert len({one.out for one in [first, *others]}) == len(ABLATIONS)
    for one in others:
        left_out = {
            name
            for name in (field.name for field in dataclasses.fields(one))
            if getattr(one, name) != getattr(first, name) and name not in ("out", "bank")
        }
        assert len(left_out) == 1


def test_a_group_can_be_left_out(whole):
    assert without_group("eu").options(whole).group_weights["eu"] < 1e-6


def test_table_counts_crops_not_groups():
    results = {"everything": {"us": Score(10, 5, 6), "eu": Score(30, 30, 30)}, "none": {}}
    lines = printed(results)
    assert ["everything", "100.0", "50.0", "87.5", "90.0"] in lines
    assert ["none", "-", "-", "-", "-"] in lines


def test_bad_data_is_named(tmp_path, capsys):
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "no labels*.csv" in capsys.readouterr().err


@pytest.mark.training
@pytest.mark.usefixtures("curves_undrawn")
def test_trains_each_once(tmp_path, drawn_crops):
    options = ReaderOptions(
        labels=(drawn_crops,),
        out=tmp_path / "out",
        plates=6,
        steps=2,
        batch_size=4,
        judge_every=2,
        workers=0,
    )
    few = (Ablation("everything"), Ablation("no regions", {"region_weight": 0.0}))
    quiet = Console(file=io.StringIO())
    results = train_each(options, few, quiet)
    assert set(results) == {"everything", "no regions"}
    assert sum(score.crops for score in results["everything"].values()) > 0
    weights = (options.out / "everything" / "reader.onnx").stat().st_mtime_ns
    assert train_each(options, few, quiet) == results
    assert (options.out / "everything" / "reader.onnx").stat().st_mtime_ns == weights
