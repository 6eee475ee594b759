import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

from lpr_engine.cli.train import TrainingExtraError, add_to
from lpr_engine.training.reading import ReaderOptionsError, ReaderPlan, ReaderProgress, Score
from lpr_engine.training.reading.__main__ import main
from lpr_engine.training.reading.arguments import add_arguments
from lpr_engine.training.reading.command import BUNDLED_START, INTERRUPTED, options_for, run
from lpr_engine.training.reading.console import Teller, closing_lines, duration
from lpr_engine.training.reading.options import Drawing, Int8Copy, Int8Refused, ReaderFiles
from lpr_engine.training.synthetic import render_plate


@pytest.fixture
def data(tmp_path):
    rows = ["image_path,plate_text,region"]
    for number in range(12):
        plate = render_plate(np.random.default_rng((4, number)))
        if len(plate.text) <= 10:
            cv2.imwrite(str(tmp_path / f"{number}.png"), plate.image[..., ::-1])
            rows.append(f"{number}.png,{plate.text},made")
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


def _parsed(*given):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(["--data", "x", *given])


def test_every_option_reaches_the_training(data, monkeypatch):
    taken = []

    def take(options, progress, notes):
        taken.append(options)
        raise KeyboardInterrupt

    monkeypatch.setattr("lpr_engine.training.reading.command.train_reader", take)
    given = _parsed(
        *[
            "--data",
            "x",
            "--out",
            "o",
            "--start",
            "bundled",
            "--seed",
            "5",
            "--minutes",
            "45",
            "--batch",
            "32",
            "--rate",
            "0.001",
        ],
        *[
            "--judge-every",
            "7",
            "--device",
            "cpu",
            "--threads",
            "3",
            "--workers",
            "0",
            "--real-share",
            "0.25",
        ],
        *[
            "--weight",
            "us=2",
            "--weight",
            "br=0.5",
            "--plates",
            "9",
            "--curriculum",
            "4",
            "--bank",
            "b",
            "--around",
            "s",
        ],
        *["--no-regions", "--skip-bad", "--licence", "CC0-1.0", "--new-labels", "--int8"],
    )
    given.data = data
    assert run(given) == INTERRUPTED
    (options,) = taken
    assert options.described() == {
        "labels": [str(data / "labels.csv")],
        "out": "o",
        "around": ["s"],
        "bank": "b",
        "plates": 9,
        "steps": 1500,
        "minutes": 45,
        "batch_size": 32,
        "real_share": 0.25,
        "group_weights": {"us": 2, "br": 0.5},
        "learning_rate": 0.001,
        "weight_decay": 0.02,
        "guidance": 0.3,
        "curriculum": 4,
        "region_weight": 0,
        "start": str(BUNDLED_START),
        "report_every": 7,
        "judge_every": 7,
        "threads": 3,
        "workers": 0,
        "seed": 5,
        "device": "cpu",
        "licence": "CC0-1.0",
        "skip_bad": True,
        "new_labels": True,
        "int8": True,
    }


def test_refining_takes_gentler_defaults(data):
    anew, refined = options_for(data, data), options_for(data, data, start=BUNDLED_START)
    assert refined.steps < anew.steps
    assert refined.learning_rate < anew.learning_rate


@pytest.mark.parametrize(
    ("name", "value"),
    [("batch_size", 0), ("real_share", 1.5), ("minutes", 0.0), ("threads", 0), ("device", "tpu")],
)
def test_a_value_out_of_range_is_named(data, name, value):
    with pytest.raises(ReaderOptionsError, match=name):
        options_for(data, data, **{name: value})


@pytest.mark.parametrize("given", [["--weight", "us"], ["--weight", "us=0"], ["--steps", "many"]])
def test_a_malformed_option_is_refused(given, capsys):
    with pytest.raises(SystemExit):
        _parsed(*given)
    assert given[-1] in capsys.readouterr().err


def test_time_and_steps_exclude_each_other(capsys):
    with pytest.raises(SystemExit):
        _parsed("--steps", "3", "--minutes", "3")
    assert "not allowed with" in capsys.readouterr().err


def test_a_folder_without_labels_fails_in_one_line(tmp_path, capsys):
    assert main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("training_data_invalid: ")


def test_a_missing_package_is_told(monkeypatch):
    parser = argparse.ArgumentParser()
    add_to(parser.add_subparsers())
    given = parser.parse_args(["train", "reader", "--data", "x"])
    monkeypatch.setitem(sys.modules, "lpr_engine.training.reading.command", None)
    with pytest.raises(TrainingExtraError, match="pip install"):
        given.run(given)


def test_a_pipe_gets_plain_lines(tmp_path):
    with (tmp_path / "told").open("w") as file, Teller(Console(file=file, width=40)) as teller:
        teller.note(Drawing(0, 10))
        teller.note(_plan())
        for step in range(10, 121, 10):
            teller.progress(_progress(step, {}))
        teller.progress(_progress(125, {"us": Score(8, 6, 7, 4, 3)}))
    lines = (tmp_path / "told").read_text().splitlines()
    assert lines[:2] == [
        "drawing plates: 0 of 10",
        "learning from 30 crops (us 20, br 10), judged by 3 held out (us 3)",
    ]
    assert "90 steps of 16 at 200 samples/s: about 2 min" in lines
    assert [line.split()[0] for line in lines[6:]] == ["50/500", "100/500", "125/500"]
    assert lines[-1].endswith("us 6/8 exact (7 folded, region 3/4)")


def test_a_terminal_gets_a_bar_that_goes_away(tmp_path):
    path = tmp_path / "told"
    with path.open("w") as file:
        console = Console(file=file, width=80, force_terminal=True)
        with Teller(console) as teller:
            teller.note(Drawing(5, 10))
            teller.progress(_progress(30, {}))
    assert "30/500" in path.read_text()


def _plan():
    return ReaderPlan(
        learnt={"us": 20, "br": 10},
        judged={"us": 3},
        drawn={"DE": 40},
        real_share=0.5,
        regions=0,
        first=10,
        steps=100,
        batch_size=16,
        samples=160,
        samples_per_second=200.0,
        remaining_s=120.0,
        device="cpu",
        out=Path("runs/reader"),
        started_from="random weights",
    )


def _progress(step, scores):
    return ReaderProgress(step, 500, 1.5, 200.0, 300.0, scores)


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 s"), (90, "2 min"), (5400, "90 min"), (7200, "2.0 h")]
)
def test_times_are_said_as_people_do(seconds, said):
    assert duration(seconds) == said


def test_an_eight_bit_copy_is_told_beside_the_reader():
    copy = Int8Copy(Path("/r/int8.onnx"), 200, (3_100_000, 900_000), (2.0, 1.25), (150, 149))
    told = _closing(copy)
    assert (
        "in eight bits: 3.10 -> 0.90 MB, 2.00 -> 1.25 ms for a crop on one core, "
        "75.0% -> 74.5% of 200 pictures read exactly"
    ) in told
    assert "  /r/int8.onnx" in told


def test_a_copy_that_was_not_kept_is_told_with_the_reason():
    told = _closing(Int8Refused("it reads 3 of 9"))
    reader = "no copy was kept, the reader stays as it is (it reads 3 of 9)"
    assert f"in eight bits: {reader}" in told
    assert not [line for line in _closing(None) if "in eight bits" in line]


def _closing(int8):
    files = ReaderFiles(Path("/r/a.onnx"), Path("/r/a.yaml"), Path("/r/a.npz"), int8=int8)
    return closing_lines(files, Path("data"))


@pytest.mark.training
@pytest.mark.usefixtures("curves_undrawn")
def test_the_command_trains_and_tells_how_to_use_the_result(data, capsys):
    pytest.importorskip("torch")
    pytest.importorskip("onnx")
    out = data / "run"
    given = [
        "--steps",
        "2",
        "--batch",
        "4",
        "--plates",
        "4",
        "--workers",
        "0",
        "--threads",
        "1",
        "--start",
        "bundled",
    ]
    assert main(["--data", str(data), "--out", str(out), *given]) == 0
    told = capsys.readouterr().out
    assert f"reader: {out / 'reader.onnx'}" in told
    assert f"plate_config: {out / 'reader.yaml'}" in told
    assert {p.name for p in out.iterdir()} >= {"run.yaml", "progress.csv", "reader.md", "reader.pt"}
