"""The settings page is made of the settings' own descriptions and changes one at a time."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSpinBox

from kupuri_desktop.core.models import ModelInfo, ModelKind, ModelRef, Place
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.ui.settings.model_choice import ModelChoice
from kupuri_desktop.ui.settings.page import SettingsPage
from kupuri_desktop.ui.theme import Look
from tests.ui.finding import find


@pytest.fixture
def page(look: Look, qtbot) -> SettingsPage:
    page = SettingsPage(look, Settings(), "/home/somebody/.local/share/Kupuri")
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return page


def _heard(page: SettingsPage) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    page.changed.connect(lambda name, value: heard.append((name, value)))
    return heard


def test_every_setting_has_a_control_with_its_title(page: SettingsPage) -> None:
    for name, field in Settings.model_fields.items():
        widget = page.control(name).widget
        assert widget.objectName() == f"setting_{name}"
        assert widget.accessibleName() == field.title


def test_every_setting_is_explained(page: SettingsPage) -> None:
    words = {shown.text() for shown in page.findChildren(QLabel)}
    assert {field.description for field in Settings.model_fields.values()} <= words


def test_a_switch_changes_its_setting(page: SettingsPage) -> None:
    heard = _heard(page)
    QTest.keyClick(page.control("offline").widget, Qt.Key.Key_Space)
    assert heard == [("offline", True)]


def test_a_choice_changes_its_setting(page: SettingsPage) -> None:
    heard = _heard(page)
    QTest.keyClick(page.control("theme").widget, Qt.Key.Key_Right)
    assert heard == [("theme", "light")]


def test_a_model_is_chosen_from_a_list_and_one_that_is_away_stays_chosen(
    page: SettingsPage,
) -> None:
    heard = _heard(page)
    choice = find(page, ModelChoice, "setting_text_model")
    assert (choice.count(), choice.currentData()) == (1, "")
    ref = ModelRef("ollama", "qwen3:8b")
    qwen = ModelInfo(ref, "Qwen 3 8B", ModelKind.TEXT, Place.LOCAL)
    page.offer_models(ModelKind.IMAGE, [replace(qwen, kind=ModelKind.IMAGE)])
    assert choice.count() == 1
    page.offer_models(ModelKind.TEXT, [qwen])
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert heard == [("text_model", "ollama:qwen3:8b")]
    page.show_settings(Settings(text_model="ollama:qwen3:8b"))
    page.offer_models(ModelKind.TEXT, [])
    assert choice.currentText() == "qwen3:8b (away)"
    assert choice.currentData() == "ollama:qwen3:8b"
    assert len(heard) == 1


def test_words_count_once_they_are_done(page: SettingsPage) -> None:
    heard = _heard(page)
    line = find(page, QLineEdit, "setting_ollama_url")
    line.selectAll()
    QTest.keyClicks(line, " http://10.0.0.2:11434 ")
    assert heard == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == [("ollama_url", "http://10.0.0.2:11434")]


def test_a_number_keeps_to_its_limits(page: SettingsPage) -> None:
    spin = find(page, QSpinBox, "setting_context_tokens")
    assert (spin.minimum(), spin.maximum()) == (2048, 262144)
    heard = _heard(page)
    spin.setValue(4096)
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert heard == [("context_tokens", 4096)]


def test_allowed_tools_can_be_forgotten(page: SettingsPage) -> None:
    page.show_settings(Settings(allowed_tools=("generate_image",)))
    heard = _heard(page)
    find(page, QAbstractButton, "setting_allowed_tools").click()
    assert heard == [("allowed_tools", ())]
    assert not page.control("allowed_tools").widget.isEnabled()


def test_showing_other_values_tells_nobody(page: SettingsPage) -> None:
    heard = _heard(page)
    page.show_settings(Settings(theme="light", offline=True, ollama_url="http://x"))
    assert heard == []
    assert find(page, QAbstractButton, "setting_offline").isChecked()


def test_a_refused_value_is_explained_beside_its_setting(page: SettingsPage) -> None:
    page.show_problem("ollama_url", "That is no address.")
    shown = [words for words in page.findChildren(QLabel) if words.text() == "That is no address."]
    assert [words.isVisible() for words in shown] == [True]
    page.show_problem("ollama_url", "")
    assert not shown[0].isVisible()


def test_a_setting_can_be_pointed_at(page: SettingsPage, qtbot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.point_at("comfyui_url")
    assert page.control("comfyui_url").widget.hasFocus()
    page.point_at("no_such_setting")
