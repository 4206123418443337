"""The rows of what was found: a heading for each project, and its hits with the place marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from kupuri_desktop.storage.search import Hit
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.kinds import icon_of, words_of
from kupuri_desktop.ui.widgets.paint import fill_round
from kupuri_desktop.ui.widgets.row_pictures import RowPictures

ROW = Qt.ItemDataRole.UserRole
_HEAD, _HIT = 40, 52
_PICTURE_HEAD, _PICTURE = 24, 36


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. heading: it stands for the project; count: hits below it."""

    hit: Hit
    heading: bool = False
    count: int = 0

    @property
    def second(self) -> str:
        """What the hit is and where it stands."""
        hit = self.hit
        match hit.kind:
            case "message" if hit.by_user:
                return f"You said it in “{hit.session_name}”"
            case "message":
                return f"Kupuri said it in “{hit.session_name}”"
            case "session":
                return "Chat"
            case _:
                return words_of(hit.item_kind)

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        if self.heading:
            return f"Project {self.hit.project_name}"
        return f"{self.hit.snippet}, {self.second}"


def grouped(hits: Sequence[Hit]) -> list[Row]:
    """Headings and hits; projects in the order of their first hit, each hit below its own."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.project, []).append(hit)
    rows: list[Row] = []
    for members in groups.values():
        named = [hit for hit in members if hit.kind == "project"]
        inside = [hit for hit in members if hit.kind != "project"]
        rows.append(Row((named or members)[0], heading=True, count=len(inside)))
        rows += [Row(hit) for hit in inside]
    return rows


class Rows(QStyledItemDelegate):
    """Paints them."""

    def __init__(self, look: Look, pictures: RowPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._pictures = pictures

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row: Row = index.data(ROW)
        return QSize(0, _HEAD if row.heading else _HIT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        row: Row = index.data(ROW)
        rect = QRectF(option.rect)
        painter.save()
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        if current:
            ground = colours.hover if not theme.dark else colours.pressed
            fill_round(painter, rect.adjusted(0, 1, 0, -1), theme.radius.control, ground)
        if row.heading:
            self._paint_heading(painter, rect, row)
        else:
            self._paint_hit(painter, rect, row)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        top = rect.top() + (rect.height() - _PICTURE_HEAD) / 2
        place = QRectF(rect.left() + 8, top, _PICTURE_HEAD, _PICTURE_HEAD)
        self._pictures.paint(painter, place, row.hit.cover, icon_of("project"))
        words = rect.adjusted(8 + _PICTURE_HEAD + 10, 0, -96, 0)
        found = row.hit.marks if row.hit.kind == "project" else ()
        font = theme.font(theme.type.body, QFont.Weight.DemiBold)
        self._paint_marked(painter, words, row.hit.project_name, found, font)
        if row.count:
            painter.setFont(theme.font(theme.type.label, tabular=True))
            painter.setPen(colours.text_third)
            count = "1 match" if row.count == 1 else f"{row.count} matches"
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(rect.adjusted(0, 0, -12, 0), side, count)

    def _paint_hit(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        top = rect.top() + (rect.height() - _PICTURE) / 2
        place = QRectF(rect.left() + 20, top, _PICTURE, _PICTURE)
        kind = row.hit.item_kind or row.hit.kind
        self._pictures.paint(painter, place, row.hit.asset, icon_of(kind))
        words = QRectF(place.right() + 12, top - 1, rect.right() - place.right() - 24, 20)
        self._paint_marked(painter, words, row.hit.snippet, row.hit.marks, theme.font())
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(colours.text_second)
        second = words.translated(0, 18)
        line = painter.fontMetrics().elidedText(
            row.second, Qt.TextElideMode.ElideRight, int(second.width())
        )
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, line)

    def _paint_marked(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        marks: Sequence[tuple[int, int]],
        font: QFont,
    ) -> None:
        colours = self._look.theme.colours
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.setFont(font)
        seen = len(shown) if shown == text else len(shown) - 1
        middle, height = rect.center().y(), metrics.height()
        for start, end in marks:
            if start >= seen:
                continue
            x = rect.left() + metrics.horizontalAdvance(shown[:start])
            width = metrics.horizontalAdvance(shown[start : min(end, seen)])
            place = QRectF(x - 1, middle - height / 2, width + 2, height)
            fill_round(painter, place, 3, colours.accent_soft)
        x, at = rect.left(), 0
        pieces = [(s, min(e, seen)) for s, e in marks if s < seen]
        for start, end in [*pieces, (len(shown), len(shown))]:
            for piece, ink in (
                (shown[at:start], colours.text),
                (shown[start:end], colours.accent_text),
            ):
                if piece:
                    width = metrics.horizontalAdvance(piece)
                    painter.setPen(ink)
                    # Wider than the piece: the last letter may lean over its own width.
                    place = QRectF(x, rect.top(), width + 4, rect.height())
                    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, piece)
                    x += width
            at = end
