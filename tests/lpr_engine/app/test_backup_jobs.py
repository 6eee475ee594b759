"""Long work goes on in a thread of its own, one piece at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lpr_engine.app.backup_jobs import BackupJobs
from lpr_engine.model.backup import BackupBusyError, BackupJob, JobKind, JobState
from lpr_engine.model.errors import DiskFullError, UnknownError
from lpr_engine.store.backup.care import Care
from tests.lpr_engine.pipeline.scripted import wait_for

from .conftest import HandClock


@pytest.fixture
def jobs(clock: HandClock) -> BackupJobs:
    return BackupJobs(clock)


@pytest.fixture
def care(tmp_path: Path) -> Care:
    return Care(tmp_path)


def finish(jobs: BackupJobs, care: Care, work: Callable[[Care], str]) -> BackupJob:
    job = jobs.start(JobKind.CREATE, care, work)
    assert wait_for(lambda: jobs.job(job.id).state is not JobState.RUNNING)
    return jobs.job(job.id)


def test_job_runs_tells_how_far_it_is_and_ends(
    jobs: BackupJobs, care: Care, clock: HandClock
) -> None:
    go_on = threading.Event()

    def work(care: Care) -> str:
        care.note(5)
        go_on.wait()
        return "b.tar.gz"

    job = jobs.start(JobKind.CREATE, care, work)
    assert (job.state, job.started_at, job.name) == (JobState.RUNNING, clock.now(), None)
    assert wait_for(lambda: jobs.job(job.id).done_bytes == 5)
    with pytest.raises(BackupBusyError):
        jobs.start(JobKind.RESTORE, care, work)
    with pytest.raises(BackupBusyError):
        jobs.check_idle()
    go_on.set()
    assert wait_for(lambda: jobs.job(job.id).state is JobState.DONE)
    done = jobs.job(job.id)
    assert (done.name, done.done_bytes, done.ended_at) == ("b.tar.gz", 5, clock.now())
    jobs.check_idle()


def test_foreseen_failure_is_told_with_its_code(jobs: BackupJobs, care: Care) -> None:
    def work(_care: Care) -> str:
        raise DiskFullError("no space left")

    failed = finish(jobs, care, work)
    assert (failed.state, failed.code, failed.detail) == (
        JobState.FAILED, "disk_full", "no space left",
    )  # fmt: skip


def test_defect_is_logged_and_shows_nothing_of_itself(
    jobs: BackupJobs, care: Care, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_care: Care) -> str:
        raise ZeroDivisionError("inside")

    failed = finish(jobs, care, work)
    assert (failed.state, failed.code) == (JobState.FAILED, "internal_error")
    assert "inside" not in str(failed)
    assert "ZeroDivisionError" in caplog.text
    jobs.check_idle()


def test_whoever_wants_to_know_is_told_of_the_end(jobs: BackupJobs, care: Care) -> None:
    heard: list[BackupJob] = []
    job = jobs.start(JobKind.CREATE, care, lambda _: "b.tar.gz", ended=heard.append)
    assert wait_for(lambda: bool(heard))
    assert (heard[0].id, heard[0].state) == (job.id, JobState.DONE)


def test_only_the_last_jobs_are_remembered(jobs: BackupJobs, care: Care) -> None:
    ids = [finish(jobs, care, lambda _: "b.tar.gz").id for _ in range(22)]
    for forgotten in (*ids[:2], "nothing"):
        with pytest.raises(UnknownError):
            jobs.job(forgotten)
    assert jobs.job(ids[2]).id == ids[2]


def test_stopping_ends_the_work_at_hand(jobs: BackupJobs, care: Care) -> None:
    def work(care: Care) -> str:
        while True:
            care.note(1)

    job = jobs.start(JobKind.CREATE, care, work)
    jobs.stop()
    assert wait_for(lambda: jobs.job(job.id).code == "work_ended")


def test_stopping_with_nothing_at_hand_is_harmless(jobs: BackupJobs, care: Care) -> None:
    jobs.stop()
    job = jobs.start(JobKind.CREATE, care, lambda _care: "made")
    assert wait_for(lambda: jobs.job(job.id).name == "made")
