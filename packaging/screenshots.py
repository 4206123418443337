"""Draws the window's states into `screenshots/`, in both themes, at 100 % and at 200 %.

usage: screenshots.py [--out FOLDER] [--only WORD]

Called by `dev.py screenshots`, which gives it a display. It needs the tests' fake servers and
asks nobody outside this machine. One process a scale, because Qt reads the scale at its start.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
# The script lies beside the package and the tests, which are not installed with it.
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageFilter  # noqa: E402
from PySide6.QtCore import QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QCursor, QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from board import WISHES  # noqa: E402
from board_sitting import show_board  # noqa: E402
from colour_sitting import show_colours  # noqa: E402
from kupuri_desktop.core.items import (  # noqa: E402
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    Making,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.core.models import ModelKind, ModelRef  # noqa: E402
from kupuri_desktop.core.paths import resource  # noqa: E402
from kupuri_desktop.engines.builtin.painter import Painter  # noqa: E402
from kupuri_desktop.ui.canvas.camera import Look as camera_look  # noqa: E402
from kupuri_desktop.ui.home.rail import Room  # noqa: E402
from kupuri_desktop.ui.loop import DesktopLoop  # noqa: E402
from kupuri_desktop.workspace.incoming import Picture  # noqa: E402
from tests.e2e.desk import NOBODY, Desk, desk, until  # noqa: E402
from tests.fakes.comfyui import FakeComfyUI  # noqa: E402
from tests.fakes.comfyui_jobs import Job  # noqa: E402
from tests.fakes.comfyui_models import EVERYTHING  # noqa: E402
from tests.fakes.ollama import Call, FakeOllama, Model, words  # noqa: E402

SIZE = (1440, 900)
SCALES = (1, 2)
STILL_SECONDS, PATIENCE_SECONDS = 0.12, 6.0
PATIENCE_OF_A_SITTING = 300.0
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")

MODELS = (
    Model("qwen3:8b", ("completion", "tools", "thinking"), 40960),
    Model("gemma3:4b", ("completion", "vision"), 131072, 3_300_000_000, "", "gemma3", "4.3B"),
    Model("llama3.2:3b", ("completion", "tools"), 131072, 2_000_000_000, "", "llama", "3.2B"),
)
SUNSET = "Sunset over layered hills and pines, warm haze, thin clouds"
PROJECTS: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...] = (
    ("Festival posters", (("abstract poster, bold shapes, deep blue and brass", 704, 896),)),
    ("Harbour mood board", (("a harbour city at night by the sea", 1024, 768),)),
    ("Leaf pattern", (("a seamless pattern of tropical leaves", 768, 768),)),
    ("Winter cards", (("snowy mountains at dawn with pines", 1024, 768),) * 2),
    ("Desert sunset", (("a sunset over the desert", 1152, 640),) * 3),
    ("Forest covers", (("a misty forest in the morning", 1024, 768),) * 4),
)


class PaintingComfyUI(FakeComfyUI):
    """Its previews show what is coming: a picture still soft and noisy, out of the painter."""

    def __init__(self) -> None:
        super().__init__(EVERYTHING)
        self._picture = half_done(painted(SUNSET, 11, 1024, 576))

    def _preview(self, job: Job, number: str, image: bytes, *, with_metadata: bool) -> None:
        super()._preview(job, number, self._picture, with_metadata=with_metadata)


def painted(wish: str, seed: int, width: int, height: int) -> Image.Image:
    """A picture of the built-in painter: the same for the same wish and seed."""
    *_, last = Painter.from_folder(resource("painter")).paint(wish, seed, width, height)
    assert last.picture is not None
    return last.picture


def half_done(picture: Image.Image) -> bytes:
    """How a picture looks in the middle of its sampling, as a small JPEG."""
    small = picture.convert("RGB").resize((picture.width // 4, picture.height // 4))
    soft = small.filter(ImageFilter.GaussianBlur(2))
    dice = random.Random(3)
    grain = Image.frombytes("L", soft.size, dice.randbytes(soft.width * soft.height))
    noisy = Image.blend(soft, Image.merge("RGB", (grain, grain, grain)), 0.07)
    buffer = io.BytesIO()
    noisy.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


class Camera:
    """Takes the same picture in both themes, each once the window has come to rest."""

    def __init__(self, out: Path, only: str, scale: int) -> None:
        self._out = out
        self._only = only
        self._scale = scale

    async def shoot(self, studio: Desk, name: str, what: QWidget | None = None) -> None:
        if self._only not in name:
            return
        for theme in THEMES:
            await studio.app.change_settings(theme=theme)
            picture = await self._at_rest(what or studio.window)
            file = self._out / f"{name}-{theme}-{self._scale * 100}.png"
            picture.save(str(file))
            print(file.name, flush=True)

    async def _at_rest(self, what: QWidget) -> QPixmap:
        before = None
        for _ in range(round(PATIENCE_SECONDS / STILL_SECONDS)):
            await asyncio.sleep(STILL_SECONDS)
            picture = what.grab()
            now = picture.toImage()
            if now == before:
                break
            before = now
        return picture


@asynccontextmanager
async def seat(root: Path, ollama: str = NOBODY, comfyui: str = NOBODY) -> AsyncIterator[Desk]:
    """The window on a data folder, in the size of the pictures, with nothing that moves."""
    async with desk(root, ollama, comfyui) as studio:
        await studio.app.change_settings(reduce_motion=True)
        studio.window.resize(*SIZE)
        studio.window.move(0, 0)
        # Hover paints; the pointer must not lie on anything.
        QCursor.setPos(QPoint(SIZE[0] + 40, SIZE[1] + 40))
        studio.window.activateWindow()
        yield studio


async def without_servers(root: Path, camera: Camera) -> None:
    """A first start: home, an empty project, and the built-in engines at work."""
    async with seat(root / "first") as studio:
        await camera.shoot(studio, "home-empty")
        await new_project(studio)
        await camera.shoot(studio, "project-empty")
        random.seed(4)
        studio.wish("Generate a sunset landscape, three variants, 3:4")
        await studio.answered()
        await camera.shoot(studio, "done-three-sunsets")
        items = list(studio.workspace.canvas.items)
        studio.room.canvas.selection.set(items[:1])
        studio.room.canvas.setFocus()
        await camera.shoot(studio, "done-one-selected")
        studio.room.canvas.selection.set(items)
        await camera.shoot(studio, "done-all-selected")
        studio.face.actions["palette"].trigger()
        await camera.shoot(studio, "command-palette")


async def masking_and_cropping(root: Path, camera: Camera) -> None:
    """One image under the mask brush, turned under the crop frame, and with notes for the chat."""
    async with seat(root / "masking") as studio:
        await new_project(studio)
        await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(SUNSET, 3, 1024, 640)), "Ridge")]
        )
        canvas, board = studio.room.canvas, studio.workspace.canvas
        [item] = studio.images
        canvas.fit_all()
        canvas.selection.set([item.id])
        canvas.setFocus()
        await camera.shoot(studio, "image-selected")
        canvas.modes.mask_options.hardness = 0.6
        canvas.action("mask").trigger()
        hand, none = canvas.modes.mode, Qt.KeyboardModifier.NoModifier
        assert hand is not None
        path = [
            canvas.camera.to_view(
                QPointF(item.x + 330 + 4 * n, item.y + 330 - 120 * math.sin(n / 30))
            )
            for n in range(90)
        ]
        hand.press(path[0], Qt.MouseButton.LeftButton, none)
        for at in path:
            hand.move(at, none)
        hand.release(path[-1], none)
        await until(lambda: studio.images[0].mask is not None)
        await camera.shoot(studio, "mask")
        canvas.modes.leave()
        canvas.selection.clear()
        await camera.shoot(studio, "mask-mark")
        board.apply("Turn", {item.id: replace(studio.images[0], rotation=-12.0)})
        canvas.selection.set([item.id])
        canvas.action("crop").trigger()
        studio.click(studio.find(QWidget, "crop_4_3"))
        await camera.shoot(studio, "crop")
        canvas.modes.leave()
        note = NoteItem(id="note", x=item.x + 1080, y=item.y, width=200, height=160, z=9,
                        text="More stars up here")  # fmt: skip
        arrow = LineItem(id="arrow", x=item.x + 760, y=item.y + 80, width=320, height=60, z=9,
                         start=(320, 0), end=(0, 60), start_item="note",
                         stroke_width=8)  # fmt: skip
        board.add("Draw", [note, arrow])
        canvas.fit_all()
        canvas.selection.set([item.id])
        canvas.action("send_to_chat").trigger()
        await until(lambda: studio.room.chat.composer.attachments.parts)
        studio.face.actions["toggle_inspector"].trigger()
        await camera.shoot(studio, "sent-to-chat")


async def comfyui_away(root: Path, camera: Camera) -> None:
    """The image server does not answer any more."""
    async with FakeOllama(models=list(MODELS)) as ollama, seat(root / "away", ollama.url) as studio:
        await new_project(studio)
        await studio.workspace.choose(ModelKind.IMAGE, ModelRef("comfyui", "sd_xl_base_1.0"))
        wish = {"prompt": SUNSET, "aspect": "16:9"}
        ollama.script(
            [*words("A wide one, sun just above the ridge."), Call("generate_image", wish)],
            words("ComfyUI is not running, so there is no image yet."),
        )
        studio.wish("Generate a sunset landscape")
        await studio.answered()
        await camera.shoot(studio, "error-comfyui-away")
        await studio.app.models.refresh()
        studio.click(studio.room.bar.engines.chip(ModelKind.IMAGE))
        await camera.shoot(studio, "engine-chip-explains")


async def with_servers(root: Path, camera: Camera) -> None:
    """Ollama and ComfyUI at work: the picker, a generation under way, a question."""
    comfyui = PaintingComfyUI()
    async with (
        FakeOllama(models=list(MODELS)) as ollama,
        comfyui,
        seat(root / "servers", ollama.url, comfyui.url) as studio,
    ):
        await new_project(studio)
        composer = studio.room.chat.composer
        studio.click(composer.model)
        await camera.shoot(studio, "model-picker-text")
        picker = studio.face._models.picker
        picker.close_()
        studio.face.actions["choose_image_model"].trigger()
        await camera.shoot(studio, "model-picker-image")
        picker.close_()
        comfyui.hold_steps()
        wish = {"prompt": SUNSET, "aspect": "16:9"}
        ollama.script(
            [*words("A wide one, sun just above the ridge."), Call("generate_image", wish)]
        )
        studio.wish("Generate a sunset landscape")
        await comfyui.sampling()
        comfyui.allow(9)
        places = studio.workspace.generations
        await until(lambda: any(each.progress.preview for each in places.placeholders))
        await camera.shoot(studio, "generating-with-preview")
        ollama.script(words("Done: a calm ridge line."))
        comfyui.allow()
        await studio.answered()
        await new_project(studio)
        await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(SUNSET, seed, 1024, 576)), f"Ridge {seed}") for seed in (3, 4)]
        )
        ids = [item[:6] for item in studio.workspace.canvas.items]
        ollama.script([*words("I would delete these two."), Call("delete_items", {"ids": ids})])
        studio.wish("Delete the weak ones")
        await until(lambda: studio.window.findChild(QWidget, "approve_once"))
        await camera.shoot(studio, "approval")


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


RIDGES = ("calm ridge line at dusk, long lens", "calm ridge line at dusk, one lone pine")
BOARD: tuple[Item, ...] = (
    FrameItem(
        id="cover", name="Cover", x=0, y=0, width=1200, height=900, z=-9, background="#f4efe6"
    ),
    FrameItem(
        id="inside", name="Inside", x=1320, y=0, width=1200, height=900, z=-8, background="#22304a"
    ),
    TextItem(
        id="title", x=80, y=700, width=1000, height=120, z=20, text="North of the pines",
        font_size=96, font_weight=700, colour="#22304a", frame="cover",
    ),
    NoteItem(
        id="note", x=2640, y=0, width=260, height=200, z=21, text="Warmer light, fewer clouds?"
    ),
    ShapeItem(
        id="mark", name="Accent", x=1400, y=760, width=500, height=60, z=22, fill="#ff6b4a",
        stroke=None, frame="inside",
    ),
)  # fmt: skip


async def looking(root: Path, camera: Camera) -> None:
    """A board that is worked on: panels, map, two variants held together, a show of frames."""
    async with seat(root / "looking") as studio:
        await new_project(studio)
        canvas, view = studio.workspace.canvas, studio.room.canvas
        arrived = await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(RIDGES[n % 2], 5 + n, 1024, 640)), f"Ridge {n}") for n in range(6)]
        )
        places = ((80, 60, "cover"), (1400, 80, "inside"), (0, 1100, None), (1120, 1100, None),
                  (2240, 1100, None), (3360, 1100, None))  # fmt: skip
        made: list[Item] = list(BOARD)
        for n, (item, (x, y, frame)) in enumerate(zip(arrived.items, places, strict=True)):
            assert isinstance(item, ImageItem)
            making = Making(
                prompt=RIDGES[n % 2], model="sd_xl_base_1.0", seed=4711 + n, width=1024,
                height=640, steps=28 if n < 3 else 36, guidance=6.5, made="2026-11-20T18:04:00Z",
                run="run", session="chat", parents=(arrived.items[0].id,) if n else (),
            )  # fmt: skip
            group = "pair" if n in (2, 3) else None
            made.append(replace(item, x=x, y=y, frame=frame, z=n, making=making, group=group))
        canvas.add("Board", made)
        view.fit_all()
        actions = studio.face.actions
        actions["toggle_layers"].trigger()
        view.selection.set([arrived.items[2].id])
        await camera.shoot(studio, "layers")
        actions["toggle_layers"].trigger()
        actions["toggle_inspector"].trigger()
        view.selection.set([arrived.items[3].id])
        await camera.shoot(studio, "inspector")
        actions["toggle_inspector"].trigger()
        view.selection.clear()
        view.camera.go(camera_look(900, 700, 0.6))
        await camera.shoot(studio, "minimap")
        view.selection.set([arrived.items[n].id for n in (3, 5, 4)])
        actions["compare"].trigger()
        await camera.shoot(studio, "compare-slider")
        actions["compare_side"].trigger()
        await camera.shoot(studio, "compare-side")
        actions["compare_difference"].trigger()
        await camera.shoot(studio, "compare-difference")
        comparison = studio.room.looking.comparison
        assert comparison is not None
        comparison.close_()
        view.selection.clear()
        actions["export"].trigger()
        await camera.shoot(studio, "export-panel")
        panel = studio.room.exporting.panel
        panel.close_()
        view.selection.set([arrived.items[n].id for n in (2, 3, 4)])
        actions["export_selection"].trigger()
        panel.what.setCurrentIndex(1)
        panel.what.activated.emit(1)
        panel.format.setCurrentIndex(1)
        panel.format.activated.emit(1)
        await camera.shoot(studio, "export-each-item")
        panel.close_()
        view.selection.clear()
        actions["present"].trigger()
        await until(lambda: studio.room.looking.show and studio.room.looking.show.shown)
        await camera.shoot(studio, "present", studio.room.looking.show)


async def editing(root: Path, camera: Camera) -> None:
    """A rich board: every kind of item, guides while dragging, a group entered, bars open."""
    async with seat(root / "editing") as studio:
        await new_project(studio)
        await studio.workspace.incoming.add_pictures(
            [Picture(png(painted(wish, seed, w, h)), wish) for wish, seed, w, h in WISHES]
        )
        await show_board(studio, camera)


async def colour(root: Path, camera: Camera) -> None:
    """Colours and looks: the picker, the palette, the eyedropper, the styles beside the tools."""
    async with seat(root / "colour") as studio:
        await new_project(studio)
        ridge = painted(RIDGES[0], 5, 1024, 640)
        await studio.workspace.incoming.add_pictures([Picture(png(ridge), "Ridge")])
        await show_colours(studio, camera, BOARD)


async def taken_in(root: Path, camera: Camera) -> None:
    """Projects of other programs, and one of Kupuri's own, each as it opens."""
    for name, file in IMPORTS.items():
        async with seat(root / name) as studio:
            taken = await studio.app.projects.import_files([ROOT / "tests/data/import" / file])
            assert not taken[0].problem, taken[0].problem
            studio.window.home.opened.emit(taken[0].projects[0].id)
            await shown(studio)
            await camera.shoot(studio, f"imported-{name}")


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


async def shown(studio: Desk) -> None:
    await until(lambda: studio.face._project is not None)


async def new_project(studio: Desk) -> None:
    before = studio.face._project
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project not in (None, before))
    await studio.app.models.ready()


IMPORTS = {
    "kupuri": "night-market.kupuri",
    "folder": "photographs",
    "beeref": "references.bee",
    "excalidraw": "landing.excalidraw",
    "jaaz": "jaaz/localserver.db",
}

SITTINGS: Sequence[Callable[[Path, Camera], Awaitable[Any]]] = (
    taken_in,
    without_servers,
    masking_and_cropping,
    with_servers,
    comfyui_away,
    with_projects,
    looking,
    editing,
    colour,
)


async def draw(camera: Camera, chosen: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for sitting in SITTINGS:
            if not chosen or sitting.__name__ in chosen:
                async with asyncio.timeout(PATIENCE_OF_A_SITTING):
                    await sitting(Path(folder), camera)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--only", default="", help="only pictures with this word in their name")
    parser.add_argument("--scale", type=int, choices=SCALES, help="only this scale")
    names = [sitting.__name__ for sitting in SITTINGS]
    parser.add_argument("--sitting", action="append", choices=names, default=[])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if os.environ.get("QT_SCALE_FACTOR") is None:
        scales = [options.scale] if options.scale else SCALES
        return max(
            subprocess.call(
                [sys.executable, *sys.argv], env=os.environ | {"QT_SCALE_FACTOR": str(scale)}
            )
            for scale in scales
        )
    logging.getLogger().setLevel(logging.ERROR)
    application = QApplication(sys.argv[:1])
    application.setCursorFlashTime(0)
    camera = Camera(options.out, options.only, int(os.environ["QT_SCALE_FACTOR"]))
    loop = DesktopLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(draw(camera, options.sitting))
    return 0


if __name__ == "__main__":
    sys.exit(main())
