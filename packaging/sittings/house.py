"""A house that is lived in: home, search, the trash, models, settings, projects taken in."""

from __future__ import annotations

from pathlib import Path

from kupuri_desktop.ui.home.rail import Room
from kupuri_desktop.workspace.incoming import Picture
from sittings.camera import Camera, seat, shown
from sittings.making import MODELS
from sittings.pictures import painted, png
from tests.e2e.desk import Desk, until
from tests.fakes.comfyui import FakeComfyUI
from tests.fakes.comfyui_models import EVERYTHING
from tests.fakes.ollama import FakeOllama

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "import"
IMPORTS = {
    "kupuri": "night-market.kupuri",
    "folder": "photographs",
    "beeref": "references.bee",
    "excalidraw": "landing.excalidraw",
    "jaaz": "jaaz/localserver.db",
}
PROJECTS: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...] = (
    ("Festival posters", (("abstract poster, bold shapes, deep blue and brass", 704, 896),)),
    ("Harbour mood board", (("a harbour city at night by the sea", 1024, 768),)),
    ("Leaf pattern", (("a seamless pattern of tropical leaves", 768, 768),)),
    ("Winter cards", (("snowy mountains at dawn with pines", 1024, 768),) * 2),
    ("Desert sunset", (("a sunset over the desert", 1152, 640),) * 3),
    ("Forest covers", (("a misty forest in the morning", 1024, 768),) * 4),
)


async def with_projects(root: Path, camera: Camera) -> None:
    """A house that is lived in: home, an opened project, models, settings."""
    comfyui = FakeComfyUI(EVERYTHING)
    async with (
        FakeOllama(models=list(MODELS)) as ollama,
        comfyui,
        seat(root / "lived-in", ollama.url, comfyui.url) as studio,
    ):
        for number, (name, pictures) in enumerate(PROJECTS):
            project = await studio.app.projects.create(name)
            workspace = await studio.app.open_project(project)
            await workspace.incoming.add_pictures(
                [
                    Picture(png(painted(wish, 10 * number + index, width, height)), name)
                    for index, (wish, width, height) in enumerate(pictures)
                ]
            )
            await studio.app.close_project(project.id)
        await studio.app.projects.star(project.id, True)
        studio.window.show_room(Room.HOME)
        await until(lambda: not studio.window.home.waiting_for_covers())
        await camera.shoot(studio, "home-projects")
        await search_and_trash(studio, camera)
        await studio.open_first_project()
        await camera.shoot(studio, "project-opened")
        for room in (Room.MODELS, Room.SETTINGS):
            studio.window.show_room(room)
            await camera.shoot(studio, f"{room.name.lower()}-page")


async def search_and_trash(studio: Desk, camera: Camera) -> None:
    """What was found in all projects, and what was deleted from them."""
    overview = studio.face._overview
    studio.face.actions["search"].trigger()
    overview.search.panel.field.setText("poster")
    await until(lambda: overview.search.panel.list.model().rowCount())
    await camera.shoot(studio, "search-everywhere")
    overview.search.panel.close_()
    [*_, project] = await studio.app.projects.list()
    await studio.app.projects.trash(project.id)
    studio.face.actions["open_trash"].trigger()
    await camera.shoot(studio, "trash")
    await studio.app.projects.restore(project.id)
    studio.window.show_room(Room.HOME)


async def taken_in(root: Path, camera: Camera) -> None:
    """Projects of other programs, and one of Kupuri's own, each as it opens."""
    for name, file in IMPORTS.items():
        async with seat(root / name) as studio:
            taken = await studio.app.projects.import_files([DATA / file])
            assert not taken[0].problem, taken[0].problem
            studio.window.home.opened.emit(taken[0].projects[0].id)
            await shown(studio)
            await camera.shoot(studio, f"imported-{name}")
