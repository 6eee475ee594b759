"""`lpr-engine backup create | list | verify | restore`: backups without the engine's help."""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console

from lpr_engine import __version__
from lpr_engine.app.restoring import RestoreWish, configuration_in, order_restore
from lpr_engine.cli.run import NoConfigurationError, configuration_file
from lpr_engine.config.loading import load_configuration
from lpr_engine.config.secret import SECRETS_FILE
from lpr_engine.config.sections import Configuration
from lpr_engine.model.backup import AccessSource, BackupRecord, BackupRefusedError
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.manifest import CONFIGURATION_NAMES, SECRETS_NAME
from lpr_engine.store.backup.restoring import put_back
from lpr_engine.store.backup.shelf import BackupShelf, record_of
from lpr_engine.store.backup.unpacking import read_texts, unpack
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.folder import claim_directory, prepare_directory


def add_to(commands: Any) -> None:
    """Register the commands."""
    command = commands.add_parser("backup", help="make, list, check and put back backups")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    _add_create(actions)
    listing = actions.add_parser("list", help="show what there is, newest first")
    _add_configuration(listing)
    listing.set_defaults(run=list_backups)
    check = actions.add_parser("verify", help="check all of a backup, as before it is put back")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=verify)
    _add_restore(actions)


def _add_create(actions: Any) -> None:
    create = actions.add_parser("create", help="make one, whether the engine runs or not")
    _add_configuration(create)
    create.add_argument("--media", action="store_true", help="with the pictures")
    create.add_argument(
        "--secrets", action="store_true",
        help=f"with {SECRETS_FILE}: whoever has the backup has the passwords in it",
    )  # fmt: skip
    create.set_defaults(run=create_backup)


def _add_restore(actions: Any) -> None:
    restore = actions.add_parser("restore", help="put one back; the engine must not run")
    restore.add_argument("file", type=Path, metavar="FILE")
    _add_configuration(restore)
    restore.add_argument(
        "--with-configuration", action="store_true",
        help="the configuration, too; the file need not exist yet",
    )  # fmt: skip
    restore.add_argument(
        "--with-secrets", action="store_true", help=f"and {SECRETS_FILE}, if it is in the backup"
    )
    restore.add_argument(
        "--access", choices=[one.value for one in AccessSource], default=AccessSource.HERE.value,
        help="whose accounts and keys count then: those that are here (the backup's if there are"
        " none), those of the backup, or nobody's",
    )  # fmt: skip
    restore.set_defaults(run=restore_backup)


def _add_configuration(command: Any) -> None:
    command.add_argument(
        "--config", type=Path, metavar="FILE", help="the engine's configuration, as for `run`"
    )


def create_backup(options: argparse.Namespace) -> int:
    """Make a backup where the configuration says and print its path."""
    file = configuration_file(options.config).absolute()
    configuration = load_configuration(file, os.environ)
    secrets = file.parent / SECRETS_FILE
    shelf = BackupShelf(configuration.backup.directory)
    order = BackupOrder(
        data_dir=configuration.storage.directory,
        engine=configuration.engine.id,
        version=__version__,
        created_at=datetime.now(timezone.utc),
        configuration=file,
        secrets=secrets if options.secrets and secrets.exists() else None,
        with_media=options.media,
    )
    with shelf.claimed():
        target = shelf.free_file(order.engine, order.created_at, is_scheduled=False)
        write_backup(order, target, Care(shelf.directory))
    console = _console()
    console.print(str(target), markup=False)
    if order.secrets is not None:
        console.print(f"It holds the passwords of {SECRETS_FILE}: keep it as safe as those.")
    return 0


def list_backups(options: argparse.Namespace) -> int:
    """Print a line a backup."""
    file = configuration_file(options.config)
    records = BackupShelf(load_configuration(file, os.environ).backup.directory).records()
    console = _console()
    for record in records:
        megabytes = f"{record.size_bytes / 1e6:.1f} MB"
        line = f"{_made(record)}  {megabytes:>12}  {record.name}  {_contents(record)}"
        console.print(line, markup=False)
    if not records:
        console.print("no backups")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check every byte of a backup; 0 when it can be put back."""
    file: Path = options.file.absolute()
    room = _room_beside(file)
    with tempfile.TemporaryDirectory(prefix=".verifying-", dir=room) as folder:
        manifest = unpack(file, Path(folder), Care(room), pictures=False)
    record = record_of(file.name, file.stat().st_size, manifest)
    _console().print(
        f"{file.name}: whole; made {_made(record)} by release {record.version} of engine"
        f" {record.engine}; holds {_contents(record)}",
        markup=False,
    )
    return 0


def restore_backup(options: argparse.Namespace) -> int:
    """Check a backup, put it back, and say where what was there before lies."""
    backup: Path = options.file.absolute()
    file = configuration_file(options.config).absolute()
    data_dir = _configuration(backup, file, options).storage.directory
    wish = RestoreWish(
        backup=backup,
        data_dir=data_dir,
        wished_at=datetime.now(timezone.utc),
        configuration=file if options.with_configuration else None,
        with_secrets=options.with_secrets,
        access=AccessSource(options.access),
        environment=os.environ,
    )
    prepare_directory(data_dir)
    claim = claim_directory(data_dir)
    try:
        order_restore(wish, Care(data_dir))
        restored = put_back(data_dir)
    finally:
        os.close(claim)
    console = _console()
    console.print(str(restored), markup=False)
    return 0


def _configuration(backup: Path, file: Path, options: argparse.Namespace) -> Configuration:
    """The configuration that the restored engine will go by."""
    if not options.with_configuration:
        if not file.exists():
            raise NoConfigurationError(
                f"{file}: there is no such file; --with-configuration takes it from the backup"
            )
        return load_configuration(file, os.environ)
    texts = read_texts(backup)
    name = next((one for one in CONFIGURATION_NAMES if one in texts), None)
    if name is None:
        raise BackupRefusedError(f"{backup.name}: it holds no configuration")
    with tempfile.TemporaryDirectory() as folder:
        secrets = None
        if options.with_secrets and SECRETS_NAME in texts:
            secrets = Path(folder) / SECRETS_FILE
            secrets.write_bytes(texts[SECRETS_NAME])
        loaded = configuration_in(backup.name, file, name, texts[name], os.environ, secrets)
    return loaded.checked()


def _made(record: BackupRecord) -> str:
    return record.created_at.astimezone().strftime("%Y-%m-%d %H:%M")


def _contents(record: BackupRecord) -> str:
    parts = {
        "passages and vehicles": True,
        "pictures": record.with_media,
        "configuration": record.with_configuration,
        "secrets": record.with_secrets,
    }
    return ", ".join(part for part, is_there in parts.items() if is_there)


def _room_beside(file: Path) -> Path:
    """Where to unpack for a look: beside the file, or where temporary things go."""
    return file.parent if os.access(file.parent, os.W_OK) else Path(tempfile.gettempdir())


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, emoji=False)
