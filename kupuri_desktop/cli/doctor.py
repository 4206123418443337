"""`kupuri doctor`: says what is found on this machine, what is wrong, and how to mend it."""

import argparse
import asyncio
import os
import platform
import sqlite3
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kupuri_desktop import __version__
from kupuri_desktop.cli.commands import has_display
from kupuri_desktop.cli.output import Output, shown
from kupuri_desktop.core.models import ModelInfo, ProviderStatus
from kupuri_desktop.core.paths import DataFolder

SUMMARY = "say what is found, and how to mend what is not"
LEAST_PYTHON = (3, 11)
INTEGRITY = {"absent": "none", "older": "ok"}
"""An older schema is whole: it is brought up to date when Kupuri starts."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Has no options of its own."""


async def run(options: argparse.Namespace, output: Output) -> int:
    """Exit code 1 where the data cannot be used; a server that is away is no failure."""
    from kupuri_desktop.cli import checkup
    from kupuri_desktop.storage.checks import settings_in
    from kupuri_desktop.storage.doctor import inspect

    folder = DataFolder.choose(options.data, os.environ)
    with output.progress("Looking") as progress:
        progress.reach(0.05, "data folder")
        place = await asyncio.to_thread(checkup.look_at_folder, folder)
        progress.reach(0.1, "database")
        report = await asyncio.to_thread(
            inspect, folder, True, lambda done, total: progress.reach(0.1 + 0.5 * done / total)
        )
        database = checkup.judge(report)
        settings = await asyncio.to_thread(settings_in, folder.database)
        progress.reach(0.65, "keyring")
        keyring = await checkup.look_at_keyring()
        progress.reach(0.75, "servers")
        llm, image = await checkup.ask_providers(settings, os.environ)
    value = {
        "kupuri": __version__,
        "python": _python(),
        "qt": _qt(),
        "sqlite": sqlite3.sqlite_version,
        "data": {
            "path": shown(folder.root),
            "ok": place.problem is None,
            "problem": place.problem,
            "mend": place.mend,
        },
        "database": {
            "path": shown(report.path),
            "schema": None if report.state == "absent" else report.schema,
            "integrity": INTEGRITY.get(report.state, report.state),
            "details": list(report.problems),
            "projects": report.projects,
            "assets": {"count": report.assets, "bad": len(report.bad or ())},
            "backups": report.backups,
            "newest_backup": report.newest_backup or None,
            "problem": database.problem,
            "mend": database.mend,
        },
        "keyring": keyring,
        "llm": [_provider(status) for status in llm],
        "image": [_provider(status) for status in image],
    }
    output.result(value, _lines(value))
    return 1 if place.problem or database.problem else 0


def _python() -> dict[str, Any]:
    ok = sys.version_info >= LEAST_PYTHON
    return {
        "version": platform.python_version(),
        "ok": ok,
        "problem": None if ok else "Kupuri needs Python 3.11 or newer.",
        "mend": None if ok else "Install a newer Python.",
    }


def _qt() -> dict[str, Any]:
    """Looks without importing Qt, which this face does without."""
    try:
        found = version("PySide6-Essentials")
    except PackageNotFoundError:
        words = "Qt is not installed; the window cannot open."
        return {
            "version": None,
            "ok": False,
            "problem": words,
            "mend": "Install PySide6-Essentials (packaging/dev.py does).",
        }
    if sys.platform.startswith("linux") and not has_display(os.environ):
        return {
            "version": found,
            "ok": False,
            "problem": "There is no display; the window cannot open here.",
            "mend": "Start Kupuri from a desktop, or use its commands.",
        }
    return {"version": found, "ok": True, "problem": None, "mend": None}


def _provider(status: ProviderStatus) -> dict[str, Any]:
    problem = status.problem
    return {
        "provider": status.provider,
        "name": status.name,
        "address": status.address,
        "ok": status.ok,
        "version": status.version,
        "models": [_model(model) for model in status.models],
        "missing": list(status.notes),
        "problem": problem.message if problem else None,
        "mend": (problem.hint or (problem.action.label if problem.action else None))
        if problem
        else None,
    }


def _model(model: ModelInfo) -> dict[str, Any]:
    return {
        "model": str(model.ref),
        "name": model.name,
        "family": model.family,
        "capabilities": sorted(capability.value for capability in model.capabilities),
        "size": model.size,
        "problem": model.problem,
    }


def _lines(value: dict[str, Any]) -> list[str]:
    database, assets = value["database"], value["database"]["assets"]
    stored = [
        f"schema {database['schema']}",
        str(database["integrity"]),
        f"{assets['count']} images",
        f"{database['backups']} backups",
    ]
    state = "none yet" if database["integrity"] == "none" else ", ".join(stored)
    lines = [
        f"Kupuri    {value['kupuri']}",
        _line("Python", value["python"]["version"], value["python"]),
        _line("Qt", value["qt"]["version"] or "", value["qt"]),
        f"SQLite    {value['sqlite']}",
        _line("Data", value["data"]["path"], value["data"]),
        _line("Database", state, database),
        _line("Keyring", value["keyring"]["backend"], value["keyring"]),
    ]
    for title, kind in (("Text", "llm"), ("Images", "image")):
        for entry in value[kind]:
            lines.append(_line(title, _about(entry), entry))
            lines += [f"            {model['model']}{_reason(model)}" for model in entry["models"]]
            lines += [f"            {note}" for note in entry["missing"]]
    return lines


def _about(entry: dict[str, Any]) -> str:
    state = "ready" if entry["ok"] else "not ready"
    return " ".join(filter(None, (entry["name"], entry["version"], entry["address"], f"({state})")))


def _reason(model: dict[str, Any]) -> str:
    return f": {model['problem']}" if model["problem"] else ""


def _line(title: str, found: str, entry: dict[str, Any]) -> str:
    words = [f"{title:<9} {found}".rstrip()]
    if entry["problem"]:
        words.append(f"{entry['problem']} {entry['mend'] or ''}".rstrip())
    return "\n          ".join(words)
