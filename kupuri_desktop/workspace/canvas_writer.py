"""Hands the edits of one canvas to the disk in their order, and says when they are there."""

from kupuri_desktop.core.edits import Change
from kupuri_desktop.storage.canvases import Canvases
from kupuri_desktop.storage.database import Database


class CanvasWriter:
    """The `record` of a canvas. `saved` returns once all that was recorded is committed."""

    def __init__(self, project: str, canvases: Canvases, database: Database) -> None:
        self._project = project
        self._canvases = canvases
        self._database = database

    def record(self, change: Change) -> None:
        self._canvases.record(self._project, change)

    async def saved(self) -> None:
        await self._database.saved()
