"""The other commands: models, config check, evaluate, version, and how errors are told."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import re
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import lpr_engine
from lpr_engine.cli.live_line import line
from lpr_engine.model.passage import Direction
from tests.lpr_engine.pipeline.scripted import update

Lpr = Callable[..., tuple[int, str, str]]


def test_version(lpr: Lpr) -> None:
    code, out, _ = lpr("--version")
    assert (code, out.strip()) == (0, f"lpr-engine {lpr_engine.__version__}")


def test_no_command_says_what_there_is(lpr: Lpr) -> None:
    code, _, err = lpr()
    assert code == 2
    assert "COMMAND" in err


def test_bundled_models_are_listed_and_whole(lpr: Lpr) -> None:
    code, out, _ = lpr("models", "list")
    assert code == 0
    assert "detector" in out
    assert "reader" in out
    code, out, _ = lpr("models", "verify", "detector", "reader")
    assert code == 0
    assert out.count("ready") == 2


def test_model_that_is_not_downloaded_fails_its_verification(lpr: Lpr, tmp_path: Path) -> None:
    code, out, _ = lpr("models", "--cache", tmp_path, "verify", "cct-xs-v2-global")
    assert code == 1
    assert "not downloaded" in out


def test_unknown_model_is_told_with_the_known_ones(lpr: Lpr) -> None:
    code, _, err = lpr("models", "download", "nonesuch")
    assert code == 1
    assert "nonesuch" in err
    assert "detector" in err
    assert "[model_unusable]" in err


def test_config_check_names_line_and_key(lpr: Lpr, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("cameras:\n  - id: gate\n    sorce: rtsp://a\n", encoding="utf-8")
    code, _, err = lpr("config", "check", file)
    assert code == 1
    assert "home.yaml:3" in err
    assert "source" in err
    file.write_text("cameras:\n  - id: gate\n    source: rtsp://a\n", encoding="utf-8")
    assert lpr("config", "check", file)[0] == 0


def test_run_with_a_wrong_configuration_ends_with_its_mistakes(lpr: Lpr, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text("mqtt: 5\n", encoding="utf-8")
    code, _, err = lpr("run", "--config", file)
    assert code == 1
    assert "home.yaml:1" in err
    assert "[config_invalid]" in err


def test_evaluation_counts_what_is_found_and_read(
    lpr: Lpr, tmp_path: Path, street_frames: list[np.ndarray], expected_texts: list[str]
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    cv2.imwrite(str(folder / "car.png"), street_frames[40])
    cv2.imwrite(str(folder / "none.png"), street_frames[0])
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "x", "y", "w", "h", "plate"])
        rows.writerow(["car.png", 0, 0, 5, 5, "NOTHING"])
        rows.writerow(["none.png", 10, 10, 50, 20, "NOTHING"])
    code, out, _ = lpr("evaluate", "--data", tmp_path, "--json")
    assert code == 0
    report = json.loads(out)
    assert report["total"]["plates"] == 2
    assert report["total"]["found"] == 0
    code, out, _ = lpr("evaluate", "--data", tmp_path)
    assert code == 0
    assert "set" in out


def test_evaluation_of_nothing_says_so(lpr: Lpr, tmp_path: Path) -> None:
    code, _, err = lpr("evaluate", "--data", tmp_path)
    assert code == 1
    assert str(tmp_path) in err


def test_demo_plays_the_clip_through_everything(lpr: Lpr, expected_texts: list[str]) -> None:
    code, out, err = lpr("demo", "--exit", "--port", 0)
    assert code == 0, err
    finals = [line for line in out.splitlines() if " final " in line]
    shown = [line.split("final")[1].split("%")[0] for line in finals]
    assert len(finals) == len(expected_texts)
    for text, told in zip(expected_texts, shown, strict=True):
        assert text in told.replace(" ", "").replace("-", ""), out
    assert "Traceback" not in err


def test_demo_tells_a_line_that_opens_its_door(
    tmp_path: Path, street_frames: list[np.ndarray]
) -> None:
    clip = tmp_path / "still.avi"
    size = street_frames[0].shape[1::-1]
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter_fourcc(*"MJPG"), 10, size)
    writer.write(street_frames[0])
    writer.release()
    process = subprocess.Popen(
        [sys.executable, "-m", "lpr_engine", "demo", "--port", "0", "--clip", str(clip)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        told = next(line for line in process.stdout if "curl" in line)
        found = re.search(r"\$\(cat (\S+/key)\)\" (http\S+)", told)
        assert found is not None
        key = Path(found[1])
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        for shown, status in ((key.read_text(encoding="utf-8").strip(), 200), ("wrong", 401)):
            assert status_of(found[2], f"Bearer {shown}") == status
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert not key.exists()


def status_of(url: str, authorization: str) -> int:
    request = urllib.request.Request(url, headers={"Authorization": authorization})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def test_demo_on_a_taken_port_says_so_in_one_line_and_leaves_nothing(
    lpr: Lpr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = lpr("demo", "--exit", "--port", port)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].endswith(f"127.0.0.1:{port}: Address already in use [api_failed]")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["70000", "-1", "http", "٣"])
def test_demo_port_is_checked(lpr: Lpr, port: str) -> None:
    code, _, err = lpr("demo", f"--port={port}")
    assert code == 2
    assert "no port number" in err


def test_run_without_a_configuration_says_what_to_do(
    lpr: Lpr, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("lpr_engine.cli.run.ADD_ON_OPTIONS", tmp_path / "none.json")
    code, _, err = lpr("run")
    assert code == 1
    assert err.count("\n") == 1
    assert "--config FILE" in err
    assert "[no_configuration]" in err


def test_output_that_cannot_be_written_is_told_without_a_traceback(car: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "lpr_engine", "read", str(car), "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr == "lpr-engine: output: No space left on device\n"


def lpr_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lpr_engine", *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120, **options,
    )  # fmt: skip


def test_a_user_without_name_and_home_gets_a_place(
    lpr: Lpr, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert lpr("--version")[0] == 0
    # Libraries that load later look for it themselves, as `Path.home` does.
    assert Path("~").expanduser().is_dir()


def test_a_terminal_of_plain_ascii_is_enough(car: Path, tmp_path: Path) -> None:
    odd = car.rename(tmp_path / "Kühe.png")
    old = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = lpr_process("read", odd, "--json", env=old)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert Path(json.loads(ended.stdout)["image"]).suffix == ".png"


def test_a_reader_that_leaves_early_is_no_error_of_ours(car: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(car.read_bytes())
    command = f"{sys.executable} -m lpr_engine read {tmp_path} | head -1"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) in {(141, ""), (0, "")}
    assert len(ended.stdout.splitlines()) == 1


def test_lines_say_where_to_without_arrows_on_old_terminals() -> None:
    passage = dataclasses.replace(update().passage, direction=Direction.OUT)
    assert "← out" in line(passage).plain
    assert line(passage, has_arrows=False).plain.isascii()
    assert "out" in line(passage, has_arrows=False).plain
