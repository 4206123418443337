"""`kupuri import`: takes projects in from files of Kupuri's and of other programs."""

import argparse
import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.output import Output, sentence
from kupuri_desktop.cli.session import folder_for, opened
from kupuri_desktop.cli.window import answers, hand_over, window_is_open
from kupuri_desktop.core.errors import NotFound
from kupuri_desktop.core.paths import DataFolder

if TYPE_CHECKING:
    from kupuri_desktop.workspace.transfer.transfer import Imported, TakenIn

SUMMARY = "take projects in from files"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a .kupuri, .bee or .excalidraw file, Jaaz's database, or a folder of images",
    )


async def run(options: argparse.Namespace, output: Output) -> int:
    """Exit code 1 where a file could not be taken in; the others are taken in all the same.

    A window that has the folder open is handed the files, and takes them in itself.
    """
    paths = [folder_for(name) for name in options.files]
    folder = DataFolder.choose(options.data, os.environ)
    if await asyncio.to_thread(answers, folder):
        return await _hand_over(folder, paths, output)
    async with opened(options) as app:
        with output.progress("Importing") as progress:
            outcomes = await app.projects.import_files(paths, progress.reach)
    for outcome in outcomes:
        if outcome.problem is not None:
            output.failure(outcome.problem)
        for line in outcome.untaken:
            output.note(f"Not taken from {outcome.path.name}: {line}")
    output.result(
        {"files": [_entry(outcome) for outcome in outcomes], "handed_over": False},
        [_line(project) for outcome in outcomes for project in outcome.projects],
    )
    return 1 if any(outcome.problem for outcome in outcomes) else 0


async def _hand_over(folder: DataFolder, paths: list[Path], output: Output) -> int:
    """What becomes of them is said in the window: its socket takes files and tells no more."""
    missing = [path for path in paths if not await asyncio.to_thread(path.exists)]
    present = [path for path in paths if path not in missing]
    if present and not await asyncio.to_thread(hand_over, folder, present):
        raise window_is_open()
    for path in missing:
        output.failure(NotFound(f"“{path.name}” is not there.", kept="Nothing was changed."))
    for path in present:
        if path.is_dir():
            output.note(f"The window puts the images of {path.name} onto the open canvas.")
    entries = [{"file": str(path), "handed_over": path in present} for path in paths]
    output.result(
        {"files": entries, "handed_over": bool(present)},
        [f"Handed over to the open window: {path}" for path in present],
    )
    return 1 if missing else 0


def _entry(outcome: "Imported") -> dict[str, Any]:
    problem = outcome.problem
    return {
        "file": str(outcome.path),
        "projects": [
            {
                "id": project.id,
                "name": project.name,
                "items": project.items,
                "assets": project.assets,
                "sessions": project.sessions,
            }
            for project in outcome.projects
        ],
        "not_taken": list(outcome.untaken),
        "problem": None
        if problem is None
        else {
            "kind": type(problem).__name__,
            "message": sentence(problem.message, problem.kept, problem.hint),
        },
    }


def _line(project: "TakenIn") -> str:
    return (
        f"{project.id}  {_many(project.items, 'item')}, {_many(project.assets, 'image')},"
        f" {_many(project.sessions, 'chat')}  {project.name}"
    )


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
