"""Paints the lines of the model picker."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.ui.models.listing import BADGES, Choosable, Heading, Line, Trouble, facts
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import fill_round

LINE_ROLE = Qt.ItemDataRole.UserRole

_HEADING = 30
_MODEL = 46
_TROUBLE = 58
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class LineDelegate(QStyledItemDelegate):
    """One line: a heading, a provider in trouble, or a model with its badges."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.chosen: ModelRef | None = None

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        match index.data(LINE_ROLE):
            case Heading():
                return QSize(0, _HEADING)
            case Trouble():
                return QSize(0, _TROUBLE)
        return QSize(0, _MODEL)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line: Line = index.data(LINE_ROLE)
        theme, colours = self._look.theme, self._look.theme.colours
        rect = QRectF(option.rect)
        painter.save()
        if not isinstance(line, Heading) and option.state & QStyle.StateFlag.State_Selected:
            ground = colours.pressed if theme.dark else colours.hover
            fill_round(painter, rect.adjusted(0, 1, 0, -1), theme.radius.control, ground)
        match line:
            case Heading(words):
                painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium))
                painter.setPen(colours.text_third)
                painter.drawText(rect.adjusted(10, 6, -10, 0), _MIDDLE, words)
            case Trouble():
                self._paint_trouble(painter, rect, line)
            case Choosable():
                self._paint_model(painter, rect, line)
        painter.restore()

    def _paint_trouble(self, painter: QPainter, rect: QRectF, line: Trouble) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        dpr = painter.device().devicePixelRatioF()
        sign = self._look.pixmap("plug", theme.icon.small, colours.off, dpr)
        painter.drawPixmap(QPointF(rect.left() + 10, rect.top() + 10), sign)
        right = self._paint_mend(painter, rect, line.mend.label if line.mend else "")
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.setPen(colours.text_second)
        words = QRectF(rect.left() + 36, rect.top() + 7, right - rect.left() - 40, 20)
        painter.drawText(words, _MIDDLE, line.provider)
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(colours.text_third)
        reason = painter.fontMetrics().elidedText(
            line.words, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words.translated(0, 21), _MIDDLE, reason)

    def _paint_model(self, painter: QPainter, rect: QRectF, line: Choosable) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        info, dpr = line.info, painter.device().devicePixelRatioF()
        chosen = info.ref == self.chosen
        if chosen:
            check = self._look.pixmap("check", theme.icon.small, colours.accent, dpr)
            middle = rect.top() + (rect.height() - theme.icon.small) / 2
            painter.drawPixmap(QPointF(rect.left() + 10, middle), check)
        if info.usable:
            right = self._paint_badges(painter, rect, line)
        else:
            right = self._paint_mend(painter, rect, info.mend.label if info.mend else "")
        painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
        painter.setPen(colours.text if info.usable else colours.text_third)
        place = QRectF(rect.left() + 36, rect.top() + 5, right - rect.left() - 44, 19)
        elide, width = Qt.TextElideMode.ElideMiddle, int(place.width())
        painter.drawText(place, _MIDDLE, painter.fontMetrics().elidedText(info.name, elide, width))
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(colours.text_second if info.usable else colours.text_third)
        second = " · ".join(
            part for part in (line.provider, facts(info) if info.usable else info.problem) if part
        )
        elide = Qt.TextElideMode.ElideRight
        words = painter.fontMetrics().elidedText(second, elide, width)
        painter.drawText(place.translated(0, 18), _MIDDLE, words)

    def _paint_badges(self, painter: QPainter, rect: QRectF, line: Choosable) -> float:
        theme, colours = self._look.theme, self._look.theme.colours
        dpr = painter.device().devicePixelRatioF()
        x = rect.right() - 8
        for capability, (icon, _) in reversed(BADGES.items()):
            if capability not in line.info.capabilities:
                continue
            x -= 24
            badge = QRectF(x, rect.center().y() - 11, 22, 22)
            fill_round(painter, badge, theme.radius.control, colours.well, colours.hairline)
            pixmap = self._look.pixmap(icon, 13, colours.text_second, dpr)
            painter.drawPixmap(badge.topLeft() + QPointF(4.5, 4.5), pixmap)
        return x

    def _paint_mend(self, painter: QPainter, rect: QRectF, words: str) -> float:
        if not words:
            return rect.right() - 8
        theme, colours = self._look.theme, self._look.theme.colours
        painter.setFont(theme.font(theme.type.label, QFont.Weight.Medium))
        width = painter.fontMetrics().horizontalAdvance(words)
        painter.setPen(colours.accent_text)
        place = QRectF(rect.right() - 12 - width, rect.top(), width + 2, rect.height())
        painter.drawText(place, _MIDDLE, words)
        return place.left() - 8
