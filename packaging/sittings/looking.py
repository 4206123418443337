"""A board that is worked on: panels, map, variants held together, exporting, a show of frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    Making,
    NoteItem,
    ShapeItem,
    TextItem,
)
from kupuri_desktop.ui.canvas.camera import Look as camera_look
from kupuri_desktop.workspace.incoming import Picture
from sittings.camera import Camera, new_project, seat
from sittings.pictures import RIDGES, painted, png
from tests.e2e.desk import until

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
