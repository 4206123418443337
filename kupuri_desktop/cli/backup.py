"""`kupuri backup`: lists, makes, verifies and restores backups; no window is needed for it."""

import argparse
import os
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.output import Output
from kupuri_desktop.core.errors import UsageError
from kupuri_desktop.core.paths import DataFolder

if TYPE_CHECKING:
    from kupuri_desktop.storage.backup_files import Backup

SUMMARY = "list, make, verify or restore backups"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=("list", "make", "verify", "restore"))
    parser.add_argument(
        "backup",
        nargs="?",
        metavar="BACKUP",
        help="its name as `list` shows it, or `newest` (verify and restore)",
    )


async def run(options: argparse.Namespace, output: Output) -> int:
    """Returns 1 where a backup that was verified is not whole."""
    folder = DataFolder.choose(options.data, os.environ)
    if (options.verb in ("verify", "restore")) != bool(options.backup):
        raise UsageError(
            f"`backup {options.verb}` needs the name of a backup."
            if not options.backup
            else f"`backup {options.verb}` takes no name."
        )
    match options.verb:
        case "list":
            return await _list(folder, output)
        case "make":
            return await _make(folder, output)
        case "verify":
            return await _verify(folder, options.backup, output)
        case _:
            return await _restore(folder, options.backup, output)


def entry(backup: "Backup") -> dict[str, Any]:
    """A backup as `--json` shows it; size in bytes without images, the time in UTC."""
    return {
        "id": backup.id,
        "made": backup.made.isoformat(timespec="seconds"),
        "reason": backup.reason.value,
        "size": backup.size,
        "images": backup.images,
        "missing": backup.missing,
        "schema": backup.schema,
    }


async def _list(folder: DataFolder, output: Output) -> int:
    from kupuri_desktop.storage.backups import Backups

    backups = await Backups(folder).list()
    lines = [f"{b.id}  {b.size} bytes, {b.images} images, {b.missing} missing" for b in backups]
    output.result({"backups": [entry(b) for b in backups]}, lines or ["There is no backup yet."])
    return 0


async def _make(folder: DataFolder, output: Output) -> int:
    from kupuri_desktop.core.errors import NotFound
    from kupuri_desktop.storage.backups import Backups

    if not folder.database.exists():
        raise NotFound("There is nothing to back up yet.")
    with output.progress("Backing up") as bar:
        backup = await Backups(folder).make(
            progressed=lambda done, total: bar.reach(done / max(total, 1))
        )
    output.result({"backup": entry(backup)}, [backup.id])
    return 0


async def _verify(folder: DataFolder, named: str, output: Output) -> int:
    from kupuri_desktop.storage.backups import Backups

    backups = Backups(folder)
    with output.progress("Verifying") as bar:
        report = await backups.verify(
            await _named(folder, named), lambda done, total: bar.reach(done / max(total, 1))
        )
    bad = [*report.problems]
    bad += [f"image {asset} is missing" for asset in report.missing]
    bad += [f"image {asset} is damaged" for asset in report.damaged]
    output.result(
        {
            "backup": entry(report.backup),
            "good": report.good,
            "problems": list(report.problems),
            "missing": list(report.missing),
            "damaged": list(report.damaged),
        },
        bad or [f"{report.backup.id} is whole."],
    )
    return 0 if report.good else 1


async def _restore(folder: DataFolder, named: str, output: Output) -> int:
    from kupuri_desktop.storage.restoring import restore

    with output.progress("Restoring") as bar:
        report = await restore(
            folder,
            await _named(folder, named),
            lambda done, total: bar.reach(done / max(total, 1)),
        )
    lines = [f"{report.backup.id} is back."]
    if report.before is not None:
        lines.append(f"The state before is the backup {report.before.id}.")
    if report.aside is not None:
        lines.append(f"The file before is kept whole in {report.aside}.")
    lines += [f"The image {asset} is lost." for asset in report.lost]
    output.result(
        {
            "backup": entry(report.backup),
            "before": entry(report.before) if report.before is not None else None,
            "aside": str(report.aside) if report.aside is not None else None,
            "lost": list(report.lost),
        },
        lines,
    )
    return 0


async def _named(folder: DataFolder, named: str) -> str:
    from kupuri_desktop.core.errors import NotFound
    from kupuri_desktop.storage.backups import Backups

    if named != "newest":
        return named
    backups = await Backups(folder).list()
    if not backups:
        raise NotFound("There is no backup yet.")
    return backups[0].id
