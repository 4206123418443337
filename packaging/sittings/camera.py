"""Takes a picture of a state in both themes, each once the window has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QPixmap
from PySide6.QtWidgets import QWidget

from tests.e2e.desk import NOBODY, Desk, desk, until

SIZE = (1440, 900)
STILL_SECONDS, PATIENCE_SECONDS = 0.12, 6.0
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


class Camera:
    """Draws those `states` of a sitting that are wanted, out of all that are `known`."""

    def __init__(self, out: Path, states: Collection[str], known: Collection[str], scale: int):
        self._out = out
        self._states = states
        self._known = known
        self._scale = scale

    async def shoot(self, studio: Desk, name: str, what: QWidget | None = None) -> None:
        if name not in self._known:
            raise ValueError(f"{name} is not in the list of states")
        if name not in self._states:
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


async def shown(studio: Desk) -> None:
    await until(lambda: studio.face._project is not None)


async def new_project(studio: Desk) -> None:
    before = studio.face._project
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project not in (None, before))
    await studio.app.models.ready()
