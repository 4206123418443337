"""Joins the export panel to an open project: what is offered, what is done, what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.errors import Action, KupuriError, Mend, ReadOnly, UsageError
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.ports import Pictures
from kupuri_desktop.ui.canvas.traffic.carrying import Load, pack
from kupuri_desktop.ui.colour.ports import ColourAsker
from kupuri_desktop.ui.decoding import decode
from kupuri_desktop.ui.download_bar import DownloadBar
from kupuri_desktop.ui.exporting.job import Done, Job, Stories
from kupuri_desktop.ui.exporting.panel import ExportPanel
from kupuri_desktop.ui.exporting.pieces import Piece, cut
from kupuri_desktop.ui.exporting.wish import Format, What, Wish
from kupuri_desktop.ui.mending import open_folder
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look


class Leaving(Stories, Protocol):
    """What the settings and the jobs know of what leaves."""

    @property
    def strips(self) -> bool: ...


class Exporting(QObject):
    """One export at a time; `bar` shows how far it is and is the way to cancel it.

    remembered: what `wish_text` was before. project: its name now.
    """

    said = Signal(str, str, object)
    """Words, the word of a button, and what the button does."""

    def __init__(
        self,
        canvas: Canvas,
        pictures: Pictures,
        leaving: Leaving,
        tasks: Tasks,
        look: Look,
        window: QWidget,
        *,
        project: Callable[[], str],
        remembered: str = "",
        colours: ColourAsker | None = None,
    ) -> None:
        super().__init__(window)
        self._canvas = canvas
        self._pictures = pictures
        self._leaving = leaving
        self._tasks = tasks
        self._window = window
        self._project = project
        self._wish = Wish.from_text(remembered)
        self._ids: tuple[str, ...] = ()
        self._anchor: QWidget | None = None
        self._running: asyncio.Task[None] | None = None
        self.panel = ExportPanel(look, window, colours)
        self.panel.changed.connect(self._take)
        self.panel.export_asked.connect(self.begin)
        self.panel.folder_asked.connect(self._ask_for_folder)
        self.panel.png_asked.connect(lambda: self.copy_png(self._ids))
        self.panel.svg_asked.connect(lambda: self.copy_svg(self._ids))
        self.bar = DownloadBar(look, name="export")
        self.bar.cancel_asked.connect(self.cancel)

    @property
    def wish_text(self) -> str:
        """What was chosen last, to be remembered."""
        return self._wish.to_text()

    @property
    def running(self) -> bool:
        return self._running is not None and not self._running.done()

    def open_at(self, anchor: QWidget, ids: Sequence[str]) -> None:
        """Show the panel. ids: of the selection, which is then what is exported first."""
        self._ids = tuple(ids)
        what = self._wish.what
        if ids and what in (What.EVERYTHING, What.EACH_FRAME):
            what = What.SELECTION
        if not ids and what in (What.SELECTION, What.EACH_ITEM):
            what = What.EVERYTHING
        if not self._pieces(what):
            what = What.EVERYTHING
        folder = self._wish.folder or _pictures_folder()
        keep = self._wish.keep and not self._leaving.strips
        self._wish = replace(self._wish, what=what, folder=folder, keep=keep)
        self._anchor = anchor
        self.panel.show_wish(self._wish, self._pieces, self._project())
        self.panel.open_at(anchor)

    def begin(self) -> None:
        """Export as the panel has it; nothing happens while another export is under way."""
        if self.running:
            return
        pieces = self._pieces(self._wish.what)
        work = self._export(pieces, self._wish, Path(self._wish.folder))
        self._running = self._tasks.spawn(work, self._window, name="export")

    def cancel(self) -> None:
        """Give up what is under way; files that are whole already stay."""
        if self._running is not None:
            self._running.cancel()

    def copy_png(self, ids: Sequence[str]) -> None:
        """Put the items on the clipboard as one picture."""
        self._tasks.spawn(self._copy(ids, Format.PNG), self._window, name="copy as PNG")

    def copy_svg(self, ids: Sequence[str]) -> None:
        """Put the items on the clipboard as SVG."""
        self._tasks.spawn(self._copy(ids, Format.SVG), self._window, name="copy as SVG")

    def verbs(self, selected: Callable[[], Sequence[str]]) -> list[Verb]:
        """What the canvas offers of this."""
        return [
            Verb("copy_png", "Copy as PNG", ("Ctrl+Shift+C",), "image", Needs.ONE,
                 lambda: self.copy_png(selected())),
            Verb("copy_svg", "Copy as SVG", (), "spline", Needs.ONE,
                 lambda: self.copy_svg(selected())),
        ]  # fmt: skip

    # --- inside

    def _pieces(self, what: What) -> list[Piece]:
        return cut(self._canvas.in_order(), self._ids, what, self._project())

    def _take(self, wish: Wish) -> None:
        self._wish = wish

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self._window, "Export to", self._wish.folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._use_folder)
        # The panel closes when another window comes to the front.
        dialog.finished.connect(self._open_again)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _use_folder(self, folder: str) -> None:
        self._wish = replace(self._wish, folder=folder)

    def _open_again(self) -> None:
        if self._anchor is not None:
            self.panel.show_wish(self._wish, self._pieces, self._project())
            self.panel.open_at(self._anchor)

    async def _export(self, pieces: Sequence[Piece], wish: Wish, folder: Path) -> None:
        job = Job(self._pictures, self._leaving, self._project())
        try:
            if not pieces:
                raise UsageError("There is nothing to export.", hint="Select something first.")
            done = await job.run(
                pieces, wish, folder, datetime.now().astimezone(), self._show_progress
            )
        except asyncio.CancelledError:
            self.said.emit("The export was cancelled", "", None)
            raise
        except ReadOnly as error:
            raise _elsewhere(error) from error
        finally:
            self.bar.hide()
        self._tell(done, folder)

    def _show_progress(self, name: str, fraction: float) -> None:
        self.bar.show_progress(f"Exporting {name}", fraction)

    def _tell(self, done: Done, folder: Path) -> None:
        first = done.paths[0].name
        words = f"Exported {first}"
        if len(done.paths) > 1:
            words = f"Exported {len(done.paths)} files"
        if done.problems:
            some = len(done.problems)
            words += f"; {some} image{'s' * (some > 1)} could not be read and left a note"
        self.said.emit(words, "Show in folder", lambda: open_folder(str(folder)))

    async def _copy(self, ids: Sequence[str], format_: Format) -> None:
        what = What.SELECTION if ids else What.EVERYTHING
        pieces = cut(self._canvas.in_order(), ids, what, self._project())
        if not pieces:
            raise UsageError("There is nothing to copy.", hint="Select something first.")
        keep = not self._leaving.strips
        wish = Wish(format=format_, scale=self._wish.scale, keep=keep)
        job = Job(self._pictures, self._leaving, self._project())
        data = await job.bytes_of(pieces[0], wish)
        if format_ is Format.SVG:
            mime = pack(Load((), words=data.decode()))
            mime.setData("image/svg+xml", QByteArray(data))
        else:
            picture, _ = await asyncio.to_thread(decode, data)
            mime = pack(Load((), png=data, picture=picture))
        QGuiApplication.clipboard().setMimeData(mime)
        self.said.emit(f"Copied as {format_.words}", "", None)


def _elsewhere(error: KupuriError) -> ReadOnly:
    """An export's folder is chosen in its panel, and has nothing to do with the data folder."""
    return ReadOnly(
        error.message,
        hint=error.hint,
        kept=error.kept,
        details=error.details,
        action=Action(Mend.RETRY, "Try again"),
    )


def _pictures_folder() -> str:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return place or str(Path.home())
