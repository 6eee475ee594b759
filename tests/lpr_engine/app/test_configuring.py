"""The configuration of an engine as it is shown, judged and changed, over real files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lpr_engine.app.configuring import ANY_VERSION, ConfigDesk
from lpr_engine.config.desk import (
    ChangePlan,
    ConfigChangedError,
    ConfigManagedError,
    ConfigurationSource,
    NoConfigFileError,
)
from lpr_engine.config.entries import OriginKind, filled_by_secrets
from lpr_engine.config.file import previous
from lpr_engine.config.loading import load
from lpr_engine.config.problems import ConfigurationRefusedError
from lpr_engine.config.sections import Configuration

TEXT = """\
engine: {name: !secret name}
mqtt: {host: broker, username: joe, password: geheim}   # the broker
retention: {passages_days: 90}
cameras:
  - {id: drive, source: "rtsp://joe:geheim@10.0.0.5/1"}
"""
SECRETS = "name: Geheim\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "secrets.yaml").write_text(SECRETS, encoding="utf-8")
    path = tmp_path / "home.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def taken() -> list[tuple[Configuration, Configuration]]:
    """What the rooms were told to go by."""
    return []


@pytest.fixture
def desk(file: Path, taken: list[tuple[Configuration, Configuration]]) -> ConfigDesk:
    return desk_of(file, taken)


def desk_of(
    file: Path,
    taken: list[tuple[Configuration, Configuration]],
    environment: dict[str, str] | None = None,
    *,
    is_managed: bool = False,
) -> ConfigDesk:
    environment = environment or {}
    loaded = load(file, environment)
    running = loaded.checked()
    hidden = filled_by_secrets(loaded.document, running)
    source = ConfigurationSource(file, environment, hidden, is_managed)
    return ConfigDesk(running, source, lambda before, after: taken.append((before, after)))


def shown(desk: ConfigDesk) -> str:
    text = desk.report().text
    assert text is not None
    return text


def version(desk: ConfigDesk) -> str:
    found = desk.report().version
    assert found is not None
    return found


def change(desk: ConfigDesk, old: str, new: str) -> ChangePlan:
    text = shown(desk)
    assert old in text
    return desk.apply(text.replace(old, new), version(desk))


def test_report_shows_all_but_the_secrets(desk: ConfigDesk, file: Path) -> None:
    report = desk.report()
    assert "eheim" not in str(report)
    assert "joe" not in str(report)
    assert report.path == file
    assert report.values["engine"]["name"] == "***"
    assert report.values["mqtt"]["host"] == "broker"
    assert report.values["cameras"][0]["source"] == "rtsp://***@10.0.0.5/1"
    assert list(report.values) == [field.name for field in dataclasses.fields(Configuration)]
    assert report.origins["mqtt.host"].line == 2
    assert report.origins["mqtt.port"].kind is OriginKind.DEFAULT
    assert report.restart_needed == report.problems == ()


def test_live_change_is_written_and_taken_over(
    desk: ConfigDesk, file: Path, taken: list[tuple[Configuration, Configuration]]
) -> None:
    plan = change(desk, "passages_days: 90", "passages_days: 7")
    assert file.read_text(encoding="utf-8") == TEXT.replace("90", "7")
    assert previous(file, 1).read_text(encoding="utf-8") == TEXT
    (only,) = plan.changes
    assert (only.name, only.before, only.after, only.live) == (
        "retention.passages_days", 90, 7, True,
    )  # fmt: skip
    assert plan.restart_needed == ()
    assert "-retention: {passages_days: 90}\n+retention: {passages_days: 7}" in plan.text_difference
    assert "eheim" not in plan.text_difference
    ((before, after),) = taken
    assert (before.retention.passages_days, after.retention.passages_days) == (90, 7)
    assert desk.report().values["retention"]["passages_days"] == 7
    assert plan.version == version(desk)


def test_other_change_waits_for_a_restart_and_is_not_forgotten(
    desk: ConfigDesk, taken: list[tuple[Configuration, Configuration]]
) -> None:
    assert change(desk, "host: broker", "host: other").restart_needed == ("mqtt.host",)
    plan = change(desk, "passages_days: 90", "passages_days: 7")
    assert [one.name for one in plan.changes] == ["retention.passages_days"]
    assert plan.restart_needed == ("mqtt.host",)
    assert taken[-1][1].mqtt.host == "broker"
    report = desk.report()
    assert report.restart_needed == ("mqtt.host",)
    assert report.values["mqtt"]["host"] == "broker"
    assert change(desk, "host: other", "host: broker").restart_needed == ()


def test_new_and_removed_cameras_wait_for_a_restart(
    desk: ConfigDesk, taken: list[tuple[Configuration, Configuration]]
) -> None:
    plan = desk.apply("cameras: [{id: yard, source: a.mp4}]\n", ANY_VERSION)
    assert set(plan.restart_needed) >= {"cameras[drive]", "cameras[yard]"}
    assert [camera.id for camera in taken[-1][1].cameras] == ["drive"]


def test_changed_secret_is_a_change_without_a_value(desk: ConfigDesk, file: Path) -> None:
    plan = change(desk, 'password: "***"', "password: geheimer")
    assert "geheimer" in file.read_text(encoding="utf-8")
    assert [(one.name, one.before, one.after) for one in plan.changes] == [
        ("mqtt.password", "***", "***")
    ]
    assert "eheim" not in str(plan)


def test_judging_writes_nothing(
    desk: ConfigDesk, file: Path, taken: list[tuple[Configuration, Configuration]]
) -> None:
    plan = desk.judge(shown(desk).replace("passages_days: 90", "passages_days: 7"))
    assert [one.name for one in plan.changes] == ["retention.passages_days"]
    assert file.read_text(encoding="utf-8") == TEXT
    assert taken == []


def test_mistakes_are_told_with_their_lines_and_nothing_is_written(
    desk: ConfigDesk, file: Path
) -> None:
    text = shown(desk).replace("host: broker", "hots: broker").replace("90", "ninety")
    for attempt in (desk.judge, lambda wrong: desk.apply(wrong, ANY_VERSION)):
        with pytest.raises(ConfigurationRefusedError) as refused:
            attempt(text)
        told = {(one.line, one.key) for one in refused.value.problems}
        assert {(2, "mqtt.hots"), (3, "retention.passages_days")} <= told
    assert file.read_text(encoding="utf-8") == TEXT


def test_masked_secret_that_nobody_kept_is_a_mistake(desk: ConfigDesk) -> None:
    with pytest.raises(ConfigurationRefusedError, match="is masked"):
        desk.judge('api: {token: "***"}\n')


def test_two_editors_do_not_overwrite_each_other(desk: ConfigDesk, file: Path) -> None:
    read = version(desk)
    change(desk, "90", "7")
    with pytest.raises(ConfigChangedError):
        desk.apply("cameras: []\n", read)
    assert file.read_text(encoding="utf-8") == TEXT.replace("90", "7")


def test_same_text_again_is_not_written(desk: ConfigDesk, file: Path) -> None:
    plan = desk.apply(shown(desk), version(desk))
    assert plan.changes == ()
    assert plan.text_difference == ""
    assert not previous(file, 1).exists()


def test_file_that_was_broken_by_hand_is_told_and_can_be_mended(
    desk: ConfigDesk, file: Path
) -> None:
    file.write_text("mqtt: {host", encoding="utf-8")
    report = desk.report()
    assert report.text is None
    assert report.problems
    assert report.values["mqtt"]["host"] == "broker"
    plan = desk.apply(TEXT.replace("90", "7"), version(desk))
    assert [one.name for one in plan.changes] == ["retention.passages_days"]


def test_what_the_environment_sets_is_no_change(file: Path) -> None:
    desk = desk_of(file, [], {"LPR_MQTT_HOST": "elsewhere"})
    assert desk.report().origins["mqtt.host"].variable == "LPR_MQTT_HOST"
    plan = change(desk, "host: broker", "host: other")
    assert plan.changes == ()
    assert "other" in plan.text_difference


def test_managed_file_is_shown_and_not_written(file: Path) -> None:
    desk = desk_of(file, [], is_managed=True)
    assert desk.report().is_managed
    with pytest.raises(ConfigManagedError):
        desk.apply("cameras: []\n", ANY_VERSION)


def test_engine_without_a_file_shows_and_judges() -> None:
    desk = ConfigDesk(Configuration(), None, lambda *_: None)
    report = desk.report()
    assert (report.text, report.path, report.version) == (None, None, None)
    assert desk.judge("retention: {passages_days: 7}").changes
    with pytest.raises(NoConfigFileError):
        desk.apply("cameras: []\n", ANY_VERSION)
