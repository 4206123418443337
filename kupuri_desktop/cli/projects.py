"""`kupuri projects`: lists the projects of the data folder, also while its window is open."""

import argparse
from typing import Any

from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import reading
from kupuri_desktop.core.projects import Project

SUMMARY = "list the projects"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Has no options of its own."""


async def run(options: argparse.Namespace, output: Output) -> int:
    async with reading(options) as app:
        found = await app.projects.list()
        beside = app.storage.database.read_only
    lines = [
        f"{project.id}  {project.changed:%Y-%m-%d}  {_images(project.images):>10}  {project.name}"
        for project in found
    ]
    output.result(
        {"projects": [entry(p) for p in found], "beside": beside},
        lines or ["There is no project yet."],
    )
    return 0


def entry(project: Project) -> dict[str, Any]:
    """A project as `--json` shows it; times are ISO 8601 in UTC."""
    return {
        "id": project.id,
        "name": project.name,
        "created": project.created.isoformat(timespec="seconds"),
        "changed": project.changed.isoformat(timespec="seconds"),
        "starred": project.starred,
        "images": project.images,
    }


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"
