"""How the layers look: rows with picture, name, eye and lock, and where a drag would land."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragMoveEvent,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from kupuri_desktop.core.items import FrameItem, ImageItem, Item, ShapeForm, ShapeItem, kind_of
from kupuri_desktop.ui.canvas.painting.atlas import MicroAtlas
from kupuri_desktop.ui.canvas.ports import MICRO_SIDE
from kupuri_desktop.ui.panels.layer_model import LayerModel
from kupuri_desktop.ui.panels.layer_tree import Node
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.kinds import icon_of
from kupuri_desktop.ui.widgets.naming import describe as name_widget
from kupuri_desktop.ui.widgets.paint import fill_round, focus_ring

_ROW = 28
_MARK = 24
_INDENT = 16
_WORDS = 26
Index = QModelIndex | QPersistentModelIndex
Drop = QAbstractItemView.DropIndicatorPosition


class LayerView(QTreeView):
    """A tree of layers. H and L are eye and lock, Enter and F2 rename, a double click too."""

    menu_asked = Signal(QPoint)
    """A place on the screen."""

    def __init__(self, look: Look, model: LayerModel, atlas: MicroAtlas) -> None:
        super().__init__()
        self._look = look
        self._model = model
        self._hot = QPersistentModelIndex()
        self._drop_at: QPoint | None = None
        self._by_keyboard = False
        name_widget(self, "layers_tree", "Layers, front to back")
        self.setToolTip("")
        self.setModel(model)
        self.setItemDelegate(_Row(look, model, atlas, self))
        self.setHeaderHidden(True)
        # A row paints its own ground; Qt's would show beside it, under the indentation.
        self.setStyleSheet("QTreeView { selection-background-color: transparent; }")
        self.setUniformRowHeights(True)
        self.setIndentation(_INDENT)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setExpandsOnDoubleClick(False)

    def mark_at(self, index: QModelIndex, x: float) -> str:
        """Which of a row's marks lies there: `eye`, `lock` or none."""
        right = self.visualRect(index).right()
        if x > right - _MARK:
            return "eye"
        return "lock" if x > right - 2 * _MARK else ""

    # --- painting

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """The ground goes from edge to edge, whatever the row is in."""
        colours = self._look.theme.colours
        rect: QRect = options.rect
        whole = QRectF(rect).adjusted(0, 1, 0, -1)
        own = self._own(index)
        if self.selectionModel().isSelected(own):
            fill_round(painter, whole, self._look.theme.radius.control, colours.accent_soft)
        elif self._hot == index and self.state() != QAbstractItemView.State.DraggingState:
            fill_round(painter, whole, self._look.theme.radius.control, colours.hover)
        elif self._in_selected(own):
            soft = QColor(colours.accent_soft)
            soft.setAlphaF(soft.alphaF() / 2)
            painter.fillRect(QRectF(rect), soft)
        super().drawRow(painter, options, index)
        if self.hasFocus() and self._by_keyboard and self.currentIndex() == index:
            radius = self._look.theme.radius.control
            focus_ring(painter, whole, radius, self._look.theme)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """A chevron before what holds something; no lines."""
        if not self._model.rowCount(index):
            return
        name = "chevron-down" if self.isExpanded(self._own(index)) else "chevron-right"
        ratio = self.devicePixelRatioF()
        pixmap = self._look.pixmap(name, 12, self._look.theme.colours.text_second, ratio)
        at = QPointF(rect.right() - _INDENT + 4, rect.center().y() - 5.5)
        painter.drawPixmap(at, pixmap)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt's own indicator is a hair that says nothing about how deep the row would go.
        self.setDropIndicatorShown(False)
        super().paintEvent(event)
        self.setDropIndicatorShown(True)
        if self.state() == QAbstractItemView.State.DraggingState and self._drop_at is not None:
            self._paint_drop(self._drop_at)

    def _paint_drop(self, at: QPoint) -> None:
        colours, theme = self._look.theme.colours, self._look.theme
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        index, where = self.indexAt(at), self.dropIndicatorPosition()
        rect = QRectF(self.visualRect(index))
        if where == Drop.OnItem and index.isValid():
            whole = QRectF(1, rect.top() + 2, self.viewport().width() - 2, rect.height() - 4)
            painter.drawRoundedRect(whole, theme.radius.control, theme.radius.control)
            return
        if not index.isValid():
            left, y = float(_INDENT), self._end_of(QModelIndex())
        else:
            left = rect.left()
            y = rect.top() if where == Drop.AboveItem else self._end_of(index)
        painter.drawLine(QPointF(left + 7, y), QPointF(self.viewport().width() - 2, y))
        painter.setBrush(colours.surface)
        painter.drawEllipse(QPointF(left + 4, y), 3, 3)

    def _end_of(self, index: QModelIndex) -> float:
        """Below a row and all that it shows open."""
        last = index
        while not last.isValid() or self.isExpanded(last):
            count = self._model.rowCount(last)
            if not count:
                break
            last = self._model.index(count - 1, 0, last)
        return float(self.visualRect(last).bottom() + 1)

    def _in_selected(self, index: QModelIndex) -> bool:
        """Whether a group that holds the row is selected: the row is, too."""
        above = self._model.node(index).parent
        while above is not None and above.is_group:
            if self.selectionModel().isSelected(self._model.index_of(above.key)):
                return True
            above = above.parent
        return False

    def _own(self, index: Index) -> QModelIndex:
        return self._model.index_of(self._model.node(index).key)

    # --- hands

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drop_at = event.position().toPoint()
        super().dragMoveEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        index = self.indexAt(event.position().toPoint())
        mark = self.mark_at(index, event.position().x()) if index.isValid() else ""
        if mark == "eye":
            self._model.toggle_hidden(index)
        elif mark == "lock":
            self._model.toggle_locked(index)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._warm(self.indexAt(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.mark_at(index, event.position().x()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        index = self.currentIndex()
        key, alone = event.key(), not event.modifiers()
        if index.isValid() and alone and key == Qt.Key.Key_H:
            self._model.toggle_hidden(index)
        elif index.isValid() and alone and key == Qt.Key.Key_L:
            self._model.toggle_locked(index)
        elif index.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            # The Enter that ends a name comes here from its line, too.
            if self.state() != QAbstractItemView.State.EditingState:
                self.edit(index)
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._warm(QModelIndex())

    def _warm(self, index: QModelIndex) -> None:
        if self._hot != index:
            self._hot = QPersistentModelIndex(index)
            self.viewport().update()


class _Row(QStyledItemDelegate):
    def __init__(self, look: Look, model: LayerModel, atlas: MicroAtlas, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self._atlas = atlas

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = super().createEditor(parent, option, index)
        name_widget(editor, "layers_name", "Name")
        editor.setProperty("panel", True)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(_WORDS - 8, 1, -2, -1))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        node = self._model.node(index)
        own = self._model.own(node)
        if not own:
            return
        theme, colours = self._look.theme, self._look.theme.colours
        rect, item = QRectF(option.rect), own[0]
        painter.save()
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        quiet = item.hidden or self._in_hidden(node)
        self._paint_kind(painter, node, item, rect, quiet)
        middle = rect.center().y() - 7
        for n, (on, icon, off) in enumerate(
            ((item.hidden, "eye-off", "eye"), (item.locked, "lock", "lock-open")), 1
        ):
            if on or hot:
                at = QPointF(rect.right() - n * _MARK + 5, middle)
                ink = colours.icon if on else colours.text_third
                self._icon(painter, icon if on else off, at, ink)
        holds = node.is_group or isinstance(item, FrameItem)
        painter.setFont(theme.font(weight=QFont.Weight.Medium if holds else QFont.Weight.Normal))
        painter.setPen(colours.text_third if quiet else colours.text)
        marks = 2 if item.locked or hot else 1 if item.hidden else 0
        words = rect.adjusted(_WORDS, 0, -_MARK * marks - 4, 0)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_kind(
        self, painter: QPainter, node: Node, item: Item, rect: QRectF, quiet: bool
    ) -> None:
        colours = self._look.theme.colours
        if isinstance(item, ImageItem) and not node.is_group and self._atlas.known(item.asset):
            place = QRectF(rect.left() + 3, rect.center().y() - 8, 16, 16)
            x, y = self._atlas.place(self._atlas.slot(item.asset))
            painter.setOpacity(0.4 if quiet else 1.0)
            painter.drawPixmap(place, self._atlas.pixmap, QRectF(x, y, MICRO_SIDE, MICRO_SIDE))
            painter.setOpacity(1.0)
            return
        round_ = isinstance(item, ShapeItem) and item.form is ShapeForm.ELLIPSE
        icon = "group" if node.is_group else "circle" if round_ else icon_of(kind_of(item))
        ink = colours.text_third if quiet else colours.icon
        self._icon(painter, icon, QPointF(rect.left() + 4, rect.center().y() - 7), ink)

    def _in_hidden(self, node: Node) -> bool:
        above = node.parent
        while above is not None and above.parent is not None:
            if above.item is not None and any(i.hidden for i in self._model.own(above)):
                return True
            above = above.parent
        return False

    def _icon(self, painter: QPainter, name: str, at: QPointF, ink: QColor) -> None:
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        painter.drawPixmap(at, self._look.pixmap(name, 14, ink, ratio))
