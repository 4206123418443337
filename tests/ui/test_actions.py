"""Actions as data: what is in the catalogue can be found, done, rebound and looked up."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QMenu, QWidget

from kupuri_desktop.ui.actions.actions import Actions
from kupuri_desktop.ui.actions.catalogue import WINDOW_ACTIONS, ActionSpec, Scope, Section
from kupuri_desktop.ui.actions.key_field import KeyField
from kupuri_desktop.ui.actions.palette import CommandPalette, matches, ranked
from kupuri_desktop.ui.actions.sheet import ShortcutSheet
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import IconButton, PillButton
from kupuri_desktop.ui.widgets.fields import SearchField
from tests.ui.finding import find


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(1000, 800)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    return window


@pytest.fixture
def actions(look: Look, window: QWidget) -> Actions:
    actions = Actions(look, window)
    actions.add(WINDOW_ACTIONS)
    return actions


def test_no_two_actions_share_a_name_or_a_shortcut() -> None:
    ids = [spec.id for spec in WINDOW_ACTIONS]
    keys = [key for spec in WINDOW_ACTIONS for key in spec.shortcuts]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)


def test_every_action_has_an_icon_that_is_bundled(look: Look) -> None:
    assert {spec.icon for spec in WINDOW_ACTIONS} <= set(look.icons.names())


def test_an_action_is_done_by_its_shortcut(actions: Actions, window: QWidget, qtbot) -> None:
    done: list[str] = []
    actions.on("new_project", lambda: done.append("new"))
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert done == ["new"]


def test_the_last_to_bind_an_action_has_it_alone(actions: Actions) -> None:
    done: list[int] = []
    actions.on("export", lambda: done.append(1))
    actions.on("export", lambda: done.append(2))
    actions.set_project_open(True)
    actions["export"].trigger()
    assert done == [2]


def test_what_needs_a_project_is_off_without_one(actions: Actions) -> None:
    assert not actions["export"].isEnabled()
    actions.set_project_open(True)
    assert actions["export"].isEnabled()


def test_a_name_that_is_taken_is_refused(actions: Actions) -> None:
    with pytest.raises(ValueError, match="undo"):
        actions.add([ActionSpec("undo", "Undo", "undo-2", Section.EDIT)])


def test_a_shortcut_that_is_taken_is_not_given_twice(actions: Actions) -> None:
    assert actions.rebind("export", "Ctrl+N") == "new_project"
    assert actions.rebind("export", "Ctrl+Alt+E") is None
    assert actions.shortcut("export") == "Ctrl+Alt+E"
    assert "Ctrl+Alt+E" in actions["export"].toolTip()


def test_the_user_s_own_shortcuts_replace_those_of_the_catalogue(
    look: Look, window: QWidget
) -> None:
    actions = Actions(look, window, {"new_project": "F5", "quit": ""})
    actions.add(WINDOW_ACTIONS)
    assert actions.shortcut("new_project") == "F5"
    assert actions.shortcut("quit") == ""


def test_a_menu_is_made_of_a_list_of_names(actions: Actions, window: QWidget) -> None:
    menu = actions.fill(QMenu(window), ["new_project", "", "quit"])
    assert [action.text() for action in menu.actions()] == ["New project", "", "Quit"]


def test_a_button_follows_its_action(look: Look, actions: Actions, window: QWidget) -> None:
    button = IconButton(look, "button", "download", "", parent=window)
    button.follow(actions["export"])
    done: list[bool] = []
    actions.on("export", lambda: done.append(True))
    assert not button.isEnabled()
    actions.set_project_open(True)
    assert button.isEnabled()
    assert "Ctrl+Shift+E" in button.toolTip()
    button.click()
    assert done == [True]


def test_letters_find_a_command_in_order_and_words_first() -> None:
    assert matches("xyz", "New project") is None
    names = ["Show or hide the chat", "Settings", "Choose the text model"]
    specs = [ActionSpec(name, name, "x", Section.VIEW) for name in names]
    assert ranked("ctm", specs)[0].words == "Choose the text model"
    assert ranked("set", specs)[0].words == "Settings"
    assert ranked("", specs) == specs


def test_the_palette_does_what_was_typed(look: Look, actions: Actions, window: QWidget) -> None:
    palette = CommandPalette(look, actions, window)
    done: list[str] = []
    actions.on("open_settings", lambda: done.append("settings"))
    palette.open_over(window)
    field = find(palette, QLineEdit, "command_search")
    QTest.keyClicks(field, "settings")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert done == ["settings"]
    assert palette.isHidden()


def test_the_palette_offers_only_what_can_be_done_now(
    look: Look, actions: Actions, window: QWidget
) -> None:
    actions.add([ActionSpec("zoom", "Zoom in", "zoom-in", Section.CANVAS, ("+",), Scope.ROOM)])
    palette = CommandPalette(look, actions, window)
    offered = find(palette, QListWidget, "command_list")
    palette.open_over(window)
    names = [offered.item(row).text() for row in range(offered.count())]
    assert "Export…" not in names
    assert "Zoom in" not in names
    palette.close_()
    actions.set_project_open(True)
    palette.open_over(window)
    names = [offered.item(row).text() for row in range(offered.count())]
    assert {"Export…", "Zoom in"} <= set(names)
    palette.close_()


@pytest.fixture
def changing(look: Look, actions: Actions, window: QWidget) -> Iterator[ShortcutSheet]:
    sheet = ShortcutSheet(look, actions, window)
    sheet.open_over(window)
    find(sheet, PillButton, "change_shortcuts").click()
    yield sheet
    sheet.close_()


def press(sheet: ShortcutSheet, id_: str, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    field = find(sheet, KeyField, f"keys_{id_}")
    field.click()
    assert field.listening
    modifiers = Qt.KeyboardModifier.NoModifier
    for modifier in held:
        modifiers |= modifier
    QTest.keyClick(field, key, modifiers)


CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_keys_are_changed_where_they_are_listed(changing: ShortcutSheet, actions: Actions) -> None:
    heard: list[bool] = []
    changing.rebound.connect(lambda: heard.append(True))
    press(changing, "rename_project", Qt.Key.Key_R, CONTROL, ALT)
    press(changing, "quit", Qt.Key.Key_Backspace)
    press(changing, "new_project", Qt.Key.Key_Escape)
    assert actions.own_shortcuts == {"rename_project": "Ctrl+Alt+R", "quit": ""}
    assert actions.shortcut("new_project") == "Ctrl+N"
    assert len(heard) == 2
    assert changing.isVisible(), "Escape was meant for the field"
    find(changing, PillButton, "reset_shortcuts").click()
    assert actions.own_shortcuts == {}
    assert actions.shortcut("quit") == "Ctrl+Q"


def test_keys_that_are_taken_change_hands_when_they_are_pressed_again(
    changing: ShortcutSheet, actions: Actions
) -> None:
    press(changing, "export", Qt.Key.Key_N, CONTROL)
    assert actions.own_shortcuts == {}
    assert "New project" in find(changing, QLabel, "shortcut_hint").text()
    press(changing, "export", Qt.Key.Key_N, CONTROL)
    assert actions.own_shortcuts == {"export": "Ctrl+N", "new_project": ""}


def test_the_sheet_has_every_shortcut(look: Look, actions: Actions, window: QWidget) -> None:
    sheet = ShortcutSheet(look, actions, window)
    sheet.open_over(window)
    rows = find(sheet, QWidget, "shortcut_rows")
    spoken = {child.accessibleName() for child in rows.findChildren(QWidget)}
    shown = {actions.shortcut(spec.id) for spec in actions.specs() if actions.shortcut(spec.id)}
    assert shown <= spoken
    sheet.close_()


def test_the_sheet_is_searched_by_words_and_by_keys(
    look: Look, actions: Actions, window: QWidget
) -> None:
    sheet = ShortcutSheet(look, actions, window)
    sheet.open_over(window)
    search = find(sheet, SearchField, "shortcut_search")
    assert search.hasFocus() or window.focusWidget() is search

    def listed() -> set[str]:
        rows = sheet.findChildren(QWidget, "shortcut_rows")[-1]
        return {child.text() for child in rows.findChildren(QLabel)}

    search.setText("new proj")
    assert "New project" in listed() and "Settings" not in listed()
    search.setText("ctrl+n")
    assert "New project" in listed()
    search.setText("no such thing")
    assert listed() == {"Nothing is called so, and nothing has these keys."}
    sheet.close_()
    sheet.open_over(window)
    assert search.text() == "", "it begins with all of them"
    sheet.close_()
