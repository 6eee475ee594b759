"""Run by test_power_cut: for each line on standard input, a process that restores until killed.

The line names the store's folder, the configuration to replace, and the backups, which are put
back in turn. Each process says its number first; the launcher says when it is gone.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path

from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.restoring import put_back
from lpr_engine.store.backup.staging import RestoreOrder, Staging


def say(**facts: object) -> None:
    os.write(1, json.dumps(facts).encode() + b"\n")


def restore_until_killed(data_dir: Path, configuration: Path, backups: list[Path]) -> None:
    say(process=os.getpid())
    staging = Staging(data_dir)
    for backup in itertools.cycle(backups):
        manifest = staging.lay_out(backup, Care(data_dir, spare_bytes=0))
        now = datetime.now(timezone.utc)
        aside, media = staging.free_aside(now), manifest.media_bytes is not None
        say(ordering=backup.name)
        staging.order(RestoreOrder(backup.name, now, now, media, aside, configuration))
        say(ordered=backup.name)
        put_back(data_dir)


if __name__ == "__main__":
    for line in sys.stdin:
        data_dir, configuration, *backups = map(Path, json.loads(line))
        child = os.fork()
        if child == 0:
            restore_until_killed(data_dir, configuration, backups)
        os.waitpid(child, 0)
        say(gone=child)
