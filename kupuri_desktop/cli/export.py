"""`kupuri export`: writes the images of a project into a folder."""

import argparse

from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import folder_for, opened, write_images

SUMMARY = "write the images of a project into a folder"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="its name or id")
    parser.add_argument("--out", metavar="FOLDER", required=True, help="made where it is missing")


async def run(options: argparse.Namespace, output: Output) -> int:
    from kupuri_desktop.core.items import ImageItem

    folder = folder_for(options.out)
    async with opened(options) as app:
        project = await app.projects.find(options.project)
        workspace = await app.open_project(project)
        pictures = [item for item in workspace.canvas.in_order() if isinstance(item, ImageItem)]
        images = []
        with output.progress("Exporting") as progress:
            for done, item in enumerate(pictures):
                progress.reach(done / len(pictures))
                images += await write_images(workspace, [item.id], folder)
    result = {"project": {"id": project.id, "name": project.name}, "images": images}
    lines = [image["path"] for image in images]
    output.result(result, lines or [f"“{project.name}” has no images."])
    return 0
