"""Shows Markdown that may still be growing, as text to read, select and copy."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QMenu, QWidget

from kupuri_desktop.ui.chat.blocks import Block, BlockKind, Blocks, PlainBlock
from kupuri_desktop.ui.chat.controls import CopyButton, draw_focus
from kupuri_desktop.ui.chat.documents import (
    TextStyle,
    code_document,
    plain_document,
    prose_document,
    quote_boxes,
)
from kupuri_desktop.ui.chat.selection import Place, Selection
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.paint import fill_round

_CODE_HEAD = 28
_CODE_PAD = 12


@dataclass(slots=True, eq=False)
class Laid:
    """One block with its document, and where it stands in the widget (logical pixels)."""

    block: Block
    document: QTextDocument
    top: int = 0
    height: int = 0
    text_height: int = 0
    width: int = -1
    button: CopyButton | None = None

    def code_text(self) -> str:
        """What the copy button copies."""
        return self.block.text

    @property
    def code(self) -> bool:
        return self.block.kind is BlockKind.CODE


class Prose(QWidget):
    """Blocks of text under each other, each a document of its own.

    quiet: smaller and in the second colour. plain: words as they were typed, no Markdown.
    Links are only told, never followed.
    """

    link_activated = Signal(str)

    def __init__(
        self,
        look: Look,
        parent: QWidget | None = None,
        *,
        quiet: bool = False,
        plain: bool = False,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._quiet = quiet
        self._plain = plain
        self._blocks = Blocks()
        self._laid: list[Laid] = []
        self._style = TextStyle.of(look.theme, quiet=quiet)
        self._selection = Selection(self._laid)
        self._link = -1
        self._laid_to = -1
        self._changed_from = 0
        self._shows_focus = False
        self.setObjectName("prose")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        look.changed.connect(self._redress)

    @property
    def text(self) -> str:
        """The Markdown as it came."""
        return self._blocks.text

    @property
    def selected_text(self) -> str:
        return self._selection.text()

    def show_text(self, text: str) -> None:
        """Shows `text` in place of what was there; keeps what has only grown."""
        old = self._blocks.text
        if old and text.startswith(old):
            self.grow(text[len(old) :])
        elif text != old:
            self._blocks = PlainBlock(text) if self._plain else Blocks(text)
            self._selection.clear()
            self._build(0)

    def grow(self, delta: str) -> None:
        """Adds text at the end: only the last block is laid out anew."""
        if delta:
            self._build(self._blocks.grow(delta))

    def links(self) -> list[str]:
        """The addresses of all links, in order."""
        return [address for _, _, address in self._selection.links()]

    def heightForWidth(self, width: int) -> int:
        self._lay_out(width)
        return self._laid[-1].top + self._laid[-1].height if self._laid else 0

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(self.width()))

    def _build(self, first: int) -> None:
        items = self._blocks.items
        self._changed_from = min(self._changed_from, first)
        if first < len(self._laid) and first < len(items):
            first += self._continue_code(self._laid[first], items[first])
        for dropped in self._laid[first:]:
            if dropped.button is not None:
                dropped.button.deleteLater()
        del self._laid[first:]
        for block in items[first:]:
            laid = Laid(block, self._make(block))
            if laid.code:
                laid.button = CopyButton(self._look, self, what="code")
                laid.button.text_wanted = laid.code_text
                laid.button.show()
            self._laid.append(laid)
        self.setAccessibleName(self._blocks.text[:1000])
        self._lay_out(self.width())
        self.updateGeometry()
        top = self._laid[first].top if first < len(self._laid) else 0
        self.update(0, top, self.width(), self.height())

    def ideal_width(self) -> int:
        """How wide the text would be without breaking a line, in logical pixels."""
        for laid in self._laid:
            laid.document.setTextWidth(-1)
            laid.width = -1
        self._changed_from = 0
        return max((int(laid.document.idealWidth()) + 1 for laid in self._laid), default=0)

    def _make(self, block: Block) -> QTextDocument:
        if self._plain:
            return plain_document(block.text, self._style)
        if block.kind is BlockKind.CODE:
            return code_document(block.text, self._style)
        return prose_document(block.text, self._style)

    def _continue_code(self, laid: Laid, block: Block) -> int:
        """Code that only grew gets its new end typed in: 1 if so, else 0."""
        old = laid.block
        grown = laid.code and block.kind is BlockKind.CODE and block.text.startswith(old.text)
        if not grown or block.language != old.language:
            return 0
        cursor = QTextCursor(laid.document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(block.text[len(old.text) :])
        laid.block, laid.width = block, -1
        return 1

    def _lay_out(self, width: int) -> None:
        if width != self._laid_to:
            self._laid_to, self._changed_from = width, 0
        first = self._changed_from
        if first >= len(self._laid):
            return
        self._changed_from = len(self._laid)
        top = self._laid[first - 1].top + self._laid[first - 1].height if first else 0
        for index in range(first, len(self._laid)):
            laid = self._laid[index]
            if index:
                top += self._style.gap + (4 if laid.code or self._laid[index - 1].code else 2)
            laid.top = top
            if laid.width != width:
                laid.width = width
                inner = width - 2 * _CODE_PAD if laid.code else width
                laid.document.setTextWidth(max(40, inner))
                laid.text_height = int(laid.document.size().height() + 0.99)
                extra = _CODE_HEAD + _CODE_PAD if laid.code else 0
                laid.height = laid.text_height + extra
            if laid.button is not None:
                size = laid.button.sizeHint()
                laid.button.setGeometry(QRect(QPoint(width - size.width() - 4, top + 3), size))
            top += laid.height

    def _origin(self, laid: Laid) -> QPointF:
        if laid.code:
            return QPointF(_CODE_PAD, laid.top + _CODE_HEAD)
        return QPointF(0, laid.top)

    def _redress(self) -> None:
        self._style = TextStyle.of(self._look.theme, quiet=self._quiet)
        self._selection.clear()
        for laid in self._laid:
            laid.document = self._make(laid.block)
            laid.width = -1
        self._changed_from = 0
        self._lay_out(self.width())
        self.update()

    def resizeEvent(self, event: QEvent) -> None:
        self._lay_out(self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = event.rect()
        theme = self._look.theme
        context = QAbstractTextDocumentLayout.PaintContext()
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            context.palette.setColor(group, QPalette.ColorRole.Text, self._style.colour)
        for index, laid in enumerate(self._laid):
            if laid.top > clip.bottom() or laid.top + laid.height < clip.top():
                continue
            if laid.code:
                self._paint_code_back(painter, laid)
            origin = self._origin(laid)
            painter.save()
            painter.translate(origin)
            context.clip = QRectF(clip).translated(-origin)
            context.selections = self._selection.painted(index, theme.colours.accent_soft)
            laid.document.documentLayout().draw(painter, context)
            if ">" in laid.block.text and not self._plain:
                self._paint_quote_bars(painter, laid.document)
            painter.restore()
        if self._shows_focus:
            self._paint_focus(painter)

    def _paint_code_back(self, painter: QPainter, laid: Laid) -> None:
        theme = self._look.theme
        box = QRectF(0, laid.top, self.width(), laid.height)
        fill_round(painter, box, theme.radius.control, theme.colours.well, theme.colours.hairline)
        painter.setFont(theme.font(theme.type.label))
        painter.setPen(theme.colours.text_third)
        head = QRectF(_CODE_PAD, laid.top, self.width() - 2 * _CODE_PAD, _CODE_HEAD)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(head, middle, laid.block.language or "code")

    def _paint_quote_bars(self, painter: QPainter, document: QTextDocument) -> None:
        for box in quote_boxes(document):
            bar = QRectF(0, box.top() + 4, 3, box.height() - 2)
            fill_round(painter, bar, 1.5, self._look.theme.colours.field_line)

    def _paint_focus(self, painter: QPainter) -> None:
        links = self._selection.links()
        if 0 <= self._link < len(links):
            place, end, _ = links[self._link]
            laid = self._laid[place.block]
            for box in self._selection.boxes(place, end):
                draw_focus(painter, box.translated(self._origin(laid)), self._look.theme, 3)
        else:
            box = QRectF(self.rect())
            draw_focus(painter, box, self._look.theme, self._look.theme.radius.control)

    def _hit(self, point: QPointF) -> Place:
        laid_index = 0
        for index, laid in enumerate(self._laid):
            if point.y() >= laid.top:
                laid_index = index
        laid = self._laid[laid_index]
        inside = point - self._origin(laid)
        layout = laid.document.documentLayout()
        return Place(laid_index, layout.hitTest(inside, Qt.HitTestAccuracy.FuzzyHit))

    def _link_at(self, point: QPointF) -> str:
        for laid in self._laid:
            if laid.top <= point.y() < laid.top + laid.height:
                inside = point - self._origin(laid)
                return laid.document.documentLayout().anchorAt(inside)
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._laid:
            extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._selection.start(self._hit(event.position()), extend=bool(extend))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._laid:
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._selection.reach(self._hit(event.position()))
            self.update()
            return
        link = self._link_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
        self.setCursor(shape)
        self.setToolTip(link)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._selection.empty:
            link = self._link_at(event.position())
            if link:
                self.link_activated.emit(link)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._laid:
            self._selection.select_word(self._hit(event.position()))
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        links = self.links()
        if event.matches(QKeySequence.StandardKey.Copy) and not self._selection.empty:
            self._copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._link >= 0:
            self.link_activated.emit(links[self._link])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self._look.icon("copy"), "Copy")
        copy.setEnabled(not self._selection.empty)
        copy.triggered.connect(self._copy)
        menu.addAction("Select all").triggered.connect(self._select_all)
        menu.popup(event.globalPos())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._selection.text())

    def _select_all(self) -> None:
        self._selection.select_all()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        reason = event.reason()
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._shows_focus = reason in by_key
        self._link = -1
        if reason == Qt.FocusReason.BacktabFocusReason:
            self._link = len(self.links()) - 1
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._shows_focus = False
        kept = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in kept:
            self._selection.clear()
        self.update()

    def step_link(self, forward: bool) -> bool:
        """Moves the keyboard to the next or last link inside; False where there is none more."""
        step = self._link + (1 if forward else -1)
        if self._link == -1 and not forward:
            return False
        if step >= len(self.links()):
            return False
        self._link = step
        self.update()
        return True
