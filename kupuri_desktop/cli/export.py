"""`kupuri export`: writes a saved project into one file, or its images into a folder."""

import argparse
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import folder_for, reading, write_images

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.core.projects import Project

SUMMARY = "write a project into one file, or its images into a folder"
BUNDLE = ".kupuri"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="its name or id")
    parser.add_argument(
        "--out",
        metavar="FOLDER|FILE.kupuri",
        required=True,
        help="a folder for the images, made where it is missing; or a file that ends with"
        " .kupuri for the whole project, for `kupuri import`",
    )


async def run(options: argparse.Namespace, output: Output) -> int:
    out = folder_for(options.out)
    async with reading(options) as app:
        project = await app.projects.find(options.project)
        if out.suffix.lower() == BUNDLE and not out.is_dir():
            result, lines = await _export_bundle(app, project, options, output)
        else:
            result, lines = await _export_images(app, project, options, output)
        beside = app.storage.database.read_only
    named = {"id": project.id, "name": project.name}
    output.result({"project": named} | result | {"beside": beside}, lines)
    return 0


async def _export_bundle(
    app: "App", project: "Project", options: argparse.Namespace, output: Output
) -> tuple[dict[str, Any], list[str]]:
    with output.progress("Exporting") as progress:
        written = await app.projects.export_bundle(
            project.id, folder_for(options.out), progress.reach
        )
    for line in written.missing:
        output.note(f"Not in the file: {line}")
    result = {
        "file": str(written.path),
        "items": written.items,
        "assets": written.assets,
        "sessions": written.sessions,
        "missing": list(written.missing),
    }
    return result, [str(written.path)]


async def _export_images(
    app: "App", project: "Project", options: argparse.Namespace, output: Output
) -> tuple[dict[str, Any], list[str]]:
    from kupuri_desktop.core.canvas import Canvas
    from kupuri_desktop.core.items import ImageItem
    from kupuri_desktop.workspace.outgoing import Outgoing

    folder, storage = folder_for(options.out), app.storage
    canvas = Canvas(await storage.canvases.load(project.id), lambda change: None)
    outgoing = Outgoing(
        canvas,
        storage.assets,
        storage.jobs,
        app.folder.exports,
        lambda: app.settings.strip_metadata,
    )
    pictures = [item for item in canvas.in_order() if isinstance(item, ImageItem)]
    images = []
    with output.progress("Exporting") as progress:
        for done, item in enumerate(pictures):
            progress.reach(done / len(pictures))
            images += await write_images(outgoing, [item], folder)
    lines = [image["path"] for image in images]
    return {"images": images}, lines or [f"“{project.name}” has no images."]
