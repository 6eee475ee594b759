"""Configuration and backups go over the wire exactly as in the examples that all sides share."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lpr_engine.api.backup import job_to_json, record_to_json, staged_to_json
from lpr_engine.api.config import plan_to_json, report_to_json
from lpr_engine.config.desk import Change, ChangePlan, ConfigurationReport
from lpr_engine.config.entries import Origin, OriginKind
from lpr_engine.model.backup import (
    AccessSource,
    Admission,
    BackupJob,
    BackupRecord,
    JobKind,
    JobState,
    StagedRestore,
)

FOLDER = Path(__file__).parent
MADE = datetime(2026, 3, 1, 2, 30, 0, 125000, timezone.utc)
NAME = "lpr-gate_house-20260301T023000Z-scheduled.tar.gz"


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_configuration():
    wanted = example("configuration")
    report = ConfigurationReport(
        values=wanted["values"],
        origins={
            "engine.id": Origin(OriginKind.FILE, 2, 3),
            "engine.log_level": Origin(OriginKind.ENVIRONMENT, variable="LPR_ENGINE_LOG_LEVEL"),
            "retention.passages_days": Origin(OriginKind.DEFAULT),
        },
        path=Path("/etc/lpr/home.yaml"),
        text=wanted["text"],
        version=wanted["version"],
        restart_needed=("mqtt.host",),
    )
    assert report_to_json(report) == wanted


def test_plan():
    wanted = example("config_plan")
    plan = ChangePlan(
        changes=tuple(
            Change(one["key"], one["before"], one["after"], one["live"])
            for one in wanted["changes"]
        ),
        text_difference=wanted["text_difference"],
        restart_needed=("mqtt.password", "cameras[yard]"),
        version=wanted["version"],
    )
    assert plan_to_json(plan, written=True) == wanted


def test_backup():
    record = BackupRecord(
        NAME, MADE, 48230912, True, "gate_house", "0.1.0", 2,
        with_media=True, with_configuration=True, with_secrets=False,
    )  # fmt: skip
    assert record_to_json(record) == example("backup")


def test_job():
    wanted = example("backup_job")
    began = datetime(2026, 3, 1, 2, 30, tzinfo=timezone.utc)
    job = BackupJob(
        wanted["id"],
        JobKind.CREATE,
        JobState.FAILED,
        began,
        began + timedelta(seconds=1.25),
        done_bytes=1048576,
        code="disk_full",
        detail=wanted["detail"],
    )
    assert job_to_json(job) == wanted


def test_staged_restore():
    staged = StagedRestore(
        NAME,
        MADE,
        datetime(2026, 3, 2, 9, tzinfo=timezone.utc),
        with_media=True,
        with_configuration=False,
        with_secrets=False,
        admission=Admission(AccessSource.BACKUP, ("Ben",), ("Node-RED (lprk_7f3a...)",)),
    )
    assert staged_to_json(staged) == example("staged_restore")
