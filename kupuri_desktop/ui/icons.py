"""Draws the bundled Lucide icons in any colour and size, sharp on every screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kupuri_desktop.core.paths import resource

# A Lucide icon is drawn on a square of this many units.
_GRID = 24

# Menus and standard buttons pick from these; in between Qt scales down, never up.
_ICON_RATIOS = (1.0, 1.5, 2.0, 3.0)


class Icons:
    """Pixmaps by (name, size, colour, device pixel ratio), each drawn once.

    stroke: thickness of the lines in logical pixels, the same at every size.
    """

    def __init__(self, stroke: float = 1.5) -> None:
        self._stroke = stroke
        self._folder: Path = resource("icons")
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}
        self._icons: dict[tuple[str, int, int, int], QIcon] = {}

    def pixmap(self, name: str, size: int, colour: QColor, dpr: float = 1.0) -> QPixmap:
        """The icon as `size` logical pixels square. Raises FileNotFoundError for an unknown name.

        Belongs to the GUI thread, as every QPixmap does.
        """
        key = (name, size, colour.rgba(), dpr)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(name, size, colour, dpr)
        return found

    def icon(self, name: str, size: int, colour: QColor, disabled: QColor) -> QIcon:
        """The same for menus and standard buttons, with a look for what is disabled."""
        key = (name, size, colour.rgba(), disabled.rgba())
        found = self._icons.get(key)
        if found is None:
            found = QIcon()
            for dpr in _ICON_RATIOS:
                found.addPixmap(self.pixmap(name, size, colour, dpr), QIcon.Mode.Normal)
                found.addPixmap(self.pixmap(name, size, disabled, dpr), QIcon.Mode.Disabled)
            self._icons[key] = found
        return found

    def names(self) -> list[str]:
        """Every icon there is, in alphabetical order."""
        return sorted(path.stem for path in self._folder.glob("*.svg"))

    def _draw(self, name: str, size: int, colour: QColor, dpr: float) -> QPixmap:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = (self._folder / f"{name}.svg").read_bytes()
        width = f'stroke-width="{self._stroke * _GRID / size:.3f}"'
        drawn = source.replace(b"currentColor", colour.name().encode())
        drawn = drawn.replace(b'stroke-width="2"', width.encode())
        pixels = round(size * dpr)
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(colour.alphaF())
        QSvgRenderer(QByteArray(drawn)).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(dpr)
        return pixmap
