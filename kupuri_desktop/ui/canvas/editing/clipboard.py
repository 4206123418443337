"""Copy, cut and paste: items, and how items look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from kupuri_desktop.core.items import Item, item_from_json
from kupuri_desktop.core.styles import styled
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.painting.vectors import as_tall_as_words
from kupuri_desktop.ui.canvas.traffic.carrying import STYLE, pack_style

if TYPE_CHECKING:
    from kupuri_desktop.ui.canvas.view import CanvasView


class Clipboard:
    """The verbs of a view that use the system's clipboard."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.pointed: QPointF | None = None
        """Where the menu was opened, canvas units: `Paste here` pastes there."""

    def verbs(self) -> list[Verb]:
        one, none = Needs.ONE, Needs.NOTHING
        return [
            Verb("copy", "Copy", ("Ctrl+C",), "copy", one, self._view.leaving.copy),
            Verb("cut", "Cut", ("Ctrl+X",), "scissors", one, self._cut),
            Verb("paste", "Paste", ("Ctrl+V",), "clipboard-paste", none, self._paste),
            Verb("paste_here", "Paste here", (), "clipboard-paste", none, self._paste_here),
            Verb("paste_in_place", "Paste in place", ("Ctrl+Shift+V",), "locate-fixed", none,
                 self._paste_in_place),
            Verb("copy_style", "Copy style", ("Ctrl+Alt+C",), "paintbrush", one, self._copy_style),
            Verb("paste_style", "Paste style", ("Ctrl+Alt+V",), "paint-bucket", one,
                 self._paste_style),
        ]  # fmt: skip

    def _cut(self) -> None:
        self._view.leaving.copy()
        self._view.verbs.delete()

    def _paste(self) -> None:
        self._view.incoming.take(
            QGuiApplication.clipboard().mimeData(), None, pointer=self._pointer()
        )

    def _paste_here(self) -> None:
        at = self.pointed or self._pointer() or self._view.camera.centre()
        self._view.incoming.take(QGuiApplication.clipboard().mimeData(), at)

    def _paste_in_place(self) -> None:
        self._view.incoming.take(QGuiApplication.clipboard().mimeData(), None, in_place=True)

    def _pointer(self) -> QPointF | None:
        """Where the pointer is on the canvas; None where it is elsewhere."""
        port = self._view.viewport()
        if not port.underMouse():
            return None
        return self._view.camera.to_canvas(QPointF(port.mapFromGlobal(self._view.cursor().pos())))

    def _copy_style(self) -> None:
        items = self._view.selection.items()
        if items:
            QGuiApplication.clipboard().setMimeData(pack_style(items[0]))

    def _paste_style(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        if not mime.hasFormat(STYLE):
            return
        try:
            source = item_from_json(bytes(mime.data(STYLE).data()))
        except ValueError:
            # Another program may offer anything under our name.
            return
        items: list[Item] = [
            as_tall_as_words(styled(item, source)) for item in self._view.selection.movable()
        ]
        self._view.verbs.put("Paste style to", items)
