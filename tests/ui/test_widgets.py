"""The small controls: worked by keyboard, named, and calm about what they cover."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QVBoxLayout, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.chip import Chip, Level
from kupuri_desktop.ui.widgets.fields import Choice, SearchField, Segmented, Switch
from kupuri_desktop.ui.widgets.labels import ElidedLabel, Keys, label
from kupuri_desktop.ui.widgets.naming import tooltip
from kupuri_desktop.ui.widgets.popover import Popover
from kupuri_desktop.ui.widgets.toast import Toast
from tests.ui.finding import find


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(600, 400)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    return window


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


@pytest.fixture
def popover(look: Look, window: QWidget) -> Popover:
    popover = Popover(look, "popover", "A popover", window)
    popover.setParent(window)
    for name in ("first", "second"):
        popover.body.addWidget(PillButton(look, name, name))
    return popover


def test_a_tooltip_shows_the_shortcut_and_the_hint() -> None:
    assert tooltip("Undo", "Ctrl+Z", "Move") == "Undo   Ctrl+Z\nMove"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_keyboard(look: Look, window: QWidget, key: Qt.Key) -> None:
    button = IconButton(look, "undo", "undo-2", "Undo", "Ctrl+Z", parent=window)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    QTest.keyClick(button, key)
    assert pressed == [True]
    assert (button.objectName(), button.accessibleName()) == ("undo", "Undo")


def test_the_ring_is_for_the_keyboard_only(look: Look, window: QWidget, qtbot) -> None:
    button = PillButton(look, "go", "Go")
    button.setParent(window)
    button.show()
    qtbot.waitUntil(window.isActiveWindow)
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not button.shows_ring()
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.shows_ring()


def test_a_chip_speaks_its_state(look: Look, window: QWidget) -> None:
    chip = Chip(look, "chip", "qwen", Level.OFF, parent=window)
    chip.show_state("qwen3:8b", Level.READY, "Text engine ready")
    assert chip.accessibleName() == "qwen3:8b, Text engine ready"
    assert chip.level is Level.READY


def test_titles_are_larger_than_other_words(look: Look, window: QWidget) -> None:
    box = QVBoxLayout(window)
    title = label("Title", size="title", weight="strong")
    words = label("Words", size="label")
    box.addWidget(title)
    box.addWidget(words)
    title.ensurePolished()
    words.ensurePolished()
    sizes = (QFontInfo(title.font()).pixelSize(), QFontInfo(words.font()).pixelSize())
    assert sizes == (look.theme.type.title, look.theme.type.label)
    assert title.font().weight() == 600


def test_a_popover_opens_beside_its_anchor_and_inside_the_window(
    look: Look, window: QWidget, popover: Popover
) -> None:
    for x, y in ((0, 0), (560, 0), (0, 360), (560, 360)):
        anchor = QPushButton(window)
        anchor.setGeometry(x, y, 40, 30)
        anchor.show()
        popover.open_at(anchor)
        assert window.rect().contains(popover.geometry())
        assert (
            not popover.card_rect()
            .translated(popover.pos())
            .intersects(anchor.geometry().toRectF())
        )
        popover.close_()


def test_what_is_in_a_popover_stays_inside_its_card_each_time_it_opens(
    window: QWidget, popover: Popover
) -> None:
    for _ in range(3):
        popover.open_at(window)
        QApplication.processEvents()
        for name in ("first", "second"):
            place = find(popover, QWidget, name).geometry()
            assert popover.card_rect().toRect().contains(place)
        popover.close_()


def test_escape_closes_a_popover_and_gives_the_keyboard_back(
    window: QWidget, popover: Popover, qtbot
) -> None:
    anchor = QPushButton(window)
    anchor.show()
    qtbot.waitUntil(window.isActiveWindow)
    anchor.setFocus()
    popover.open_at(anchor)
    inside = _focused()
    assert inside.objectName() == "first"
    QTest.keyClick(inside, Qt.Key.Key_Escape)
    assert popover.isHidden()
    assert anchor.hasFocus()


def test_tab_stays_inside_a_popover(window: QWidget, popover: Popover, qtbot) -> None:
    qtbot.waitUntil(window.isActiveWindow)
    popover.open_at(window)
    names = []
    for _ in range(3):
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
        names.append(_focused().objectName())
    assert names == ["second", "first", "second"]
    popover.close_()


def test_a_click_outside_closes_a_popover_and_one_inside_does_not(
    window: QWidget, popover: Popover
) -> None:
    anchor = QPushButton(window)
    anchor.setGeometry(10, 10, 40, 30)
    anchor.show()
    popover.open_at(anchor)
    QTest.mouseClick(popover, Qt.MouseButton.LeftButton, pos=popover.rect().center())
    assert popover.isVisible()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(590, 390))
    assert popover.isHidden()


def test_a_click_on_the_anchor_closes_its_popover_for_good(
    window: QWidget, popover: Popover
) -> None:
    anchor = QPushButton(window)
    anchor.setGeometry(10, 10, 40, 30)
    anchor.show()
    anchor.clicked.connect(lambda: popover.toggle_at(anchor))
    QTest.mouseClick(anchor, Qt.MouseButton.LeftButton)
    assert popover.isVisible()
    QTest.mouseClick(anchor, Qt.MouseButton.LeftButton)
    assert popover.isHidden()


def test_escape_empties_a_search_first(look: Look, window: QWidget) -> None:
    field = SearchField(look, "search", "Search", window)
    QTest.keyClicks(field, "fox")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_arrows_move_a_choice_of_few_and_stop_at_its_ends(look: Look, window: QWidget) -> None:
    options = [("a", "A"), ("b", "B"), ("c", "C")]
    field = Segmented(look, "few", "Which", options, "a", window)
    chosen: list[str] = []
    field.chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(field, key)
    assert chosen == ["b", "c"]
    assert field.accessibleDescription() == "C"
    field.choose("a")
    assert chosen == ["b", "c"]


def test_a_click_chooses_of_few(look: Look, window: QWidget) -> None:
    field = Segmented(look, "few", "Which", [("a", "A"), ("b", "B")], "a", window)
    field.resize(field.sizeHint())
    field.show()
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 8, 10))
    assert field.value == "b"


def test_a_switch_is_worked_by_the_space_bar(look: Look, window: QWidget) -> None:
    switch = Switch(look, "switch", "Offline", parent=window)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()


def test_scrolling_over_a_list_of_choices_changes_nothing(look: Look, window: QWidget) -> None:
    choice = Choice(look, window)
    choice.addItems(["a", "b", "c"])
    choice.show()
    QTest.wheelEvent(window.windowHandle(), choice.geometry().center(), QPoint(0, -120))
    assert choice.currentText() == "a"


def test_words_that_do_not_fit_are_in_the_tooltip(look: Look, window: QWidget) -> None:
    words = ElidedLabel(look, "a long name that surely does not fit into so little room")
    words.setParent(window)
    words.setGeometry(0, 0, 60, 20)
    words.show()
    words.grab()
    assert words.toolTip() == words.words
    words.setGeometry(0, 0, 580, 20)
    words.grab()
    assert words.toolTip() == ""


def test_the_caps_of_a_shortcut_are_spoken_as_one(look: Look, window: QWidget) -> None:
    assert Keys(look, "Ctrl+Shift+Z").accessibleName() == "Ctrl+Shift+Z"


def test_a_toast_offers_one_way_back_and_goes(look: Look, window: QWidget) -> None:
    toast = Toast(look, window)
    undone: list[bool] = []
    toast.say("Moved to the trash", "Undo", lambda: undone.append(True))
    assert toast.isVisible()
    assert window.rect().contains(toast.geometry())
    find(toast, QAbstractButton, "toast_action").click()
    assert undone == [True]
    assert toast.isHidden()
    assert not toast._timer.isActive()


def test_a_toast_stays_while_the_pointer_is_on_it(look: Look, window: QWidget) -> None:
    toast = Toast(look, window)
    toast.say("Saved")
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    toast.dismiss()
    assert toast.isVisible()
    toast.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    toast.dismiss()
    assert toast.isHidden()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_control_paints_itself_in_both_themes(look: Look, window: QWidget, theme) -> None:
    look.choose(theme)
    controls = [
        IconButton(look, "a", "house", "Home", primary=True),
        PillButton(look, "b", "New", "plus", kind="primary"),
        PillButton(look, "c", "New", kind="quiet", round_=True),
        Chip(look, "d", "qwen", Level.READY, "image"),
        Switch(look, "e", "On", True),
        Segmented(look, "f", "Few", [("a", "A"), ("b", "B")], "a"),
        Keys(look, "Ctrl+K"),
    ]
    for control in controls:
        control.setParent(window)
        control.resize(control.sizeHint())
        image = control.grab().toImage()
        QApplication.sendEvent(control, QEvent(QEvent.Type.StyleChange))
        colours = {image.pixel(x, image.height() // 2) for x in range(image.width())}
        assert len(colours) > 1, control
    look.choose("dark")
