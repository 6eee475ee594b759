"""A backup checked with all that belongs to it, and ordered to be put back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lpr_engine.config.loading import Loaded, load
from lpr_engine.config.reading import is_json_file
from lpr_engine.config.secret import SECRETS_FILE
from lpr_engine.model.backup import AccessSource, BackupRefusedError
from lpr_engine.store.backup.admission import foresee
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.manifest import Manifest
from lpr_engine.store.backup.staging import RestoreOrder, Staging
from lpr_engine.store.opening import DATABASE_NAME


@dataclass(frozen=True, slots=True)
class RestoreWish:
    """What of a backup is to be put back where; `configuration` is the file to replace, if any.

    `access` is whose accounts and keys are to count then.
    """

    backup: Path
    data_dir: Path
    wished_at: datetime
    configuration: Path | None = None
    with_secrets: bool = False
    access: AccessSource = AccessSource.HERE
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def order_restore(wish: RestoreWish, care: Care) -> RestoreOrder:
    """Check all of a backup and have the next start put it back; nothing is replaced yet.

    Raises:
        BackupRefusedError: the file is no backup, is damaged, lacks what is wished for, or its
            configuration would not start this engine over this data.
        DiskFullError: there is no space for it.
        WorkEndedError: the work was ended.
        StoreError: it cannot be read, or a folder refuses it.
    """
    staging = Staging(wish.data_dir)
    try:
        manifest = staging.lay_out(wish.backup, care)
        secrets = _check_texts(wish, staging, manifest)
        order = RestoreOrder(
            backup=wish.backup.name,
            created_at=manifest.created_at,
            staged_at=wish.wished_at,
            with_media=manifest.media_bytes is not None,
            aside=staging.free_aside(wish.wished_at),
            configuration=wish.configuration,
            secrets=secrets,
            access=wish.access,
            foreseen=foresee(
                staging.folder / DATABASE_NAME, wish.data_dir / DATABASE_NAME, wish.access
            ),
        )
        staging.order(order)
    except BaseException:
        staging.clear()
        raise
    return order


def _check_texts(wish: RestoreWish, staging: Staging, manifest: Manifest) -> Path | None:
    """Hold the configuration to what this engine can start with; returns the secrets' place."""
    name = wish.backup.name
    if wish.configuration is None:
        if wish.with_secrets:
            raise BackupRefusedError(f"{name}: secrets are put back with the configuration only")
        return None
    configuration, secrets = staging.text(manifest)
    if configuration is None:
        raise BackupRefusedError(f"{name}: it holds no configuration")
    if wish.with_secrets and secrets is None:
        raise BackupRefusedError(f"{name}: it holds no secrets")
    loaded = configuration_in(
        name,
        wish.configuration,
        configuration.name,
        configuration.read_bytes(),
        wish.environment,
        secrets if wish.with_secrets else None,
    )
    directory = loaded.checked().storage.directory
    if directory.resolve() != wish.data_dir.resolve():
        raise BackupRefusedError(
            f"{name}: its configuration keeps passages in {directory}, and here they are in"
            f" {wish.data_dir}; put it back without the configuration"
        )
    _check_folder(wish.configuration.resolve().parent, name)
    return wish.configuration.resolve().parent / SECRETS_FILE if wish.with_secrets else None


def configuration_in(
    backup: str,
    target: Path,
    member: str,
    content: bytes,
    environment: Mapping[str, str],
    secrets: Path | None,
) -> Loaded:
    """A backup's configuration as it would be read in the target's place.

    Raises:
        BackupRefusedError: it is of the other format, or has mistakes.
    """
    if is_json_file(Path(member)) != is_json_file(target):
        raise BackupRefusedError(f"{backup}: it holds {member}, which {target.name} cannot be")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise BackupRefusedError(f"{backup}: its configuration is no text") from err
    loaded = load(target, environment, text, secrets)
    if loaded.configuration is None or loaded.problems:
        mistakes = "\n".join(str(problem) for problem in loaded.problems)
        raise BackupRefusedError(f"{backup}: its configuration has mistakes here:\n{mistakes}")
    return loaded


def _check_folder(folder: Path, backup: str) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BackupRefusedError(f"{backup}: {folder} cannot be written to")
