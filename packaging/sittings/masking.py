"""One image under the mask brush, turned under the crop frame, and with notes for the chat."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget

from kupuri_desktop.core.items import LineItem, NoteItem
from kupuri_desktop.workspace.incoming import Picture
from sittings.camera import Camera, new_project, seat
from sittings.pictures import SUNSET, painted, png
from tests.e2e.desk import until


async def masking_and_cropping(root: Path, camera: Camera) -> None:
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
