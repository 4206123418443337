"""`kupuri import`: takes projects in from files of Kupuri's and of other programs."""

import argparse
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.output import Output, sentence
from kupuri_desktop.cli.session import folder_for, opened

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
    """Exit code 1 where a file could not be taken in; the others are taken in all the same."""
    paths = [folder_for(name) for name in options.files]
    async with opened(options) as app:
        with output.progress("Importing") as progress:
            outcomes = await app.projects.import_files(paths, progress.reach)
    for outcome in outcomes:
        if outcome.problem is not None:
            output.failure(outcome.problem)
        for line in outcome.untaken:
            output.note(f"Not taken from {outcome.path.name}: {line}")
    output.result(
        {"files": [_entry(outcome) for outcome in outcomes]},
        [_line(project) for outcome in outcomes for project in outcome.projects],
    )
    return 1 if any(outcome.problem for outcome in outcomes) else 0


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
