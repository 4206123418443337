"""A project's card: its cover, name, age and count; lifts a little under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from kupuri_desktop.core.projects import Project
from kupuri_desktop.ui.home.listing import summary
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PaintedButton
from kupuri_desktop.ui.widgets.motion import Glide
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring, soft_shadow

_LIFT = 2
_RIM = 14
_WORDS = 46
_DOT_STEP = 14


class ProjectCard(PaintedButton):
    """One project. Enter or a click opens it; F2 renames, S stars, Delete moves to the trash."""

    opened = Signal(str)
    renamed = Signal(str, str)
    duplicated = Signal(str)
    starred = Signal(str, bool)
    trashed = Signal(str)
    left = Signal(int)
    """An arrow key: how many columns (±1) or, times 1000, rows to go."""

    def __init__(self, look: Look, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.project = project
        self._cover: QPixmap | None = None
        self._blurred: QPixmap | None = None
        self._arrival = Glide(self, look, "settle")
        self.setObjectName(f"project_card_{project.id}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self._menu_button = IconButton(
            look, "card_menu", "ellipsis", "More", size=28, filled=True, parent=self
        )
        self._menu_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._menu_button.clicked.connect(self._open_menu_at_button)
        self._menu_button.hide()
        self._field: QLineEdit | None = None
        self.clicked.connect(self._open)
        self.show_project(project)

    @staticmethod
    def height_for(width: int) -> int:
        """The height of a card that is `width` wide, rim for shadow and ring included."""
        return round((width - 2 * _RIM) * 3 / 4) + _WORDS + 2 * _RIM

    @staticmethod
    def rim() -> int:
        """How far the widget reaches beyond the picture on each side."""
        return _RIM

    def show_project(self, project: Project) -> None:
        """Show newer facts of the same project."""
        if project.cover != self.project.cover:
            self._cover = self._blurred = None
        self.project = project
        spoken = f"{project.name}, {summary(project)}{', starred' if project.starred else ''}"
        self.setAccessibleName(spoken)
        self.update()

    def needs_cover(self) -> bool:
        """Whether the project has a cover that is not shown yet."""
        return self.project.cover is not None and self._cover is None

    def set_cover(self, image: QImage) -> None:
        """Show the cover; it comes out of a blur."""
        self._cover = QPixmap.fromImage(image)
        smooth = Qt.TransformationMode.SmoothTransformation
        self._blurred = QPixmap.fromImage(
            image.scaledToWidth(14, smooth).scaledToWidth(112, smooth)
        )
        self._arrival.value = 0.0
        self._arrival.to(1.0)

    def rename(self) -> None:
        """Edit the name in its place; Enter takes it, Escape leaves it."""
        if self._field is not None:
            return
        field = self._field = QLineEdit(self.project.name, self)
        field.setObjectName("card_name_field")
        field.setAccessibleName("Project name")
        field.setMaxLength(120)
        field.setGeometry(self._name_rect().toRect().adjusted(-6, -4, 6, 4))
        field.setTextMargins(0, 0, 0, 0)
        field.selectAll()
        field.show()
        field.setFocus()
        field.editingFinished.connect(self._take_name)
        field.installEventFilter(self)

    def menu(self) -> QMenu:
        """What can be done with this project."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = [
            ("Open", "folder-open", self._open),
            ("Rename", "pencil", self.rename),
            ("Duplicate", "copy-plus", lambda: self.duplicated.emit(self.project.id)),
            ("Remove star" if self.project.starred else "Star", "star", self._star),
            ("", "", None),
            ("Move to trash", "trash-2", self._trash),
        ]
        for words, icon, do in entries:
            if do is None:
                menu.addSeparator()
            else:
                menu.addAction(self._look.icon(icon), words).triggered.connect(do)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -1000,
            Qt.Key.Key_Down: 1000,
        }
        match Qt.Key(event.key()):
            case Qt.Key.Key_F2:
                self.rename()
            case Qt.Key.Key_S:
                self._star()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self._trash()
            case key if key in steps:
                self.left.emit(steps[key])
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            # Neither key may go on to the card, which would open the project.
            match event.key():
                case Qt.Key.Key_Escape:
                    self._end_rename()
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._take_name()
                    return True
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._menu_button.show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._menu_button.hide()
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        picture = self._picture_rect().toRect()
        self._menu_button.move(picture.right() - 34, picture.top() + 8)
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(260, self.height_for(260))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = self._picture_rect()
        hot = max(self._hover.value, 1.0 if self.shows_ring() else 0.0)
        picture.translate(0, -_LIFT * hot)
        if hot > 0:
            shadow = QColor(colours.shadow)
            shadow.setAlphaF(shadow.alphaF() * hot * 0.8)
            soft_shadow(painter, picture, theme.radius.card, shadow, spread=10, drop=3)
        self._paint_picture(painter, picture)
        if self.shows_ring():
            focus_ring(painter, picture.adjusted(-4, -4, 4, 4), theme.radius.card + 4, theme)
        self._paint_words(painter)

    def _paint_picture(self, painter: QPainter, rect: QRectF) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        radius = theme.radius.card
        if self._cover is None or self._blurred is None:
            fill_round(painter, rect, radius, colours.well)
            self._paint_empty(painter, rect)
        else:
            if self._arrival.value < 1.0:
                self._paint_cover(painter, rect, self._blurred, 1.0)
            self._paint_cover(painter, rect, self._cover, self._arrival.value)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.hairline, 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)
        if self.project.starred:
            self._paint_star(painter, rect)

    def _paint_star(self, painter: QPainter, rect: QRectF) -> None:
        colours = self._look.theme.colours
        place = QRectF(rect.left() + 8, rect.top() + 8, 26, 26)
        fill_round(painter, place, 13, colours.raised, colours.hairline)
        star = self._look.pixmap("star", 14, colours.accent, self.devicePixelRatioF())
        painter.drawPixmap(place.topLeft() + QPointF(6, 6), star)

    def _paint_cover(self, painter: QPainter, rect: QRectF, cover: QPixmap, opacity: float) -> None:
        size = cover.deviceIndependentSize()
        scale = max(rect.width() / size.width(), rect.height() / size.height())
        # A brush, because a clip path would leave the round corners jagged.
        brush = QBrush(cover)
        place = QTransform()
        place.translate(
            rect.center().x() - size.width() * scale / 2,
            rect.center().y() - size.height() * scale / 2,
        )
        place.scale(scale, scale)
        brush.setTransform(place)
        painter.setOpacity(opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        painter.drawRoundedRect(rect, self._look.theme.radius.card, self._look.theme.radius.card)
        painter.setOpacity(1.0)

    def _paint_empty(self, painter: QPainter, rect: QRectF) -> None:
        """A piece of empty canvas, with the outline of a picture that is yet to come."""
        theme, colours = self._look.theme, self._look.theme.colours
        painter.setPen(QPen(colours.canvas_dot if theme.dark else colours.hairline, 2))
        for column in range(1, int(rect.width() // _DOT_STEP) + 1):
            for row in range(1, int(rect.height() // _DOT_STEP) + 1):
                painter.drawPoint(rect.topLeft() + QPointF(column, row) * _DOT_STEP)
        size = 28
        icon = self._look.pixmap("image", size, colours.text_off, self.devicePixelRatioF())
        painter.drawPixmap(rect.center() - QPointF(size / 2, size / 2), icon)

    def _paint_words(self, painter: QPainter) -> None:
        theme, colours = self._look.theme, self._look.theme.colours
        name = self._name_rect()
        if self._field is None:
            painter.setFont(theme.font(theme.type.body, QFont.Weight.Medium))
            painter.setPen(colours.text)
            elide = Qt.TextElideMode.ElideRight
            words = painter.fontMetrics().elidedText(self.project.name, elide, int(name.width()))
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(theme.font(theme.type.label, tabular=True))
        painter.setPen(colours.text_second)
        line = name.translated(0, 20)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, summary(self.project))

    def _picture_rect(self) -> QRectF:
        width = self.width() - 2 * _RIM
        return QRectF(_RIM, _RIM, width, round(width * 3 / 4))

    def _name_rect(self) -> QRectF:
        picture = self._picture_rect()
        return QRectF(picture.left() + 2, picture.bottom() + 8, picture.width() - 4, 20)

    def _open_menu_at_button(self) -> None:
        below: QRect = self._menu_button.rect()
        self.menu().popup(self._menu_button.mapToGlobal(below.bottomLeft()))

    def _open(self) -> None:
        self.opened.emit(self.project.id)

    def _star(self) -> None:
        self.starred.emit(self.project.id, not self.project.starred)

    def _trash(self) -> None:
        self.trashed.emit(self.project.id)

    def _take_name(self) -> None:
        if self._field is None:
            return
        name = self._field.text().strip()
        self._end_rename()
        if name and name != self.project.name:
            self.renamed.emit(self.project.id, name)

    def _end_rename(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()
            self.setFocus()
        self.update()
