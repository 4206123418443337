"""The model picker, the engine chips and the models' page, made from what providers say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.core.models import (
    Capability,
    ModelInfo,
    ModelKind,
    ModelRef,
    Place,
    ProviderStatus,
)
from kupuri_desktop.ui.models.chips import EngineChips, engine_state
from kupuri_desktop.ui.models.listing import Choosable, Heading, Trouble, facts, lines, size_words
from kupuri_desktop.ui.models.page import ModelsPage
from kupuri_desktop.ui.models.picker import ModelPicker
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.chip import Level
from tests.ui.finding import find

START = Action(Mend.START_SERVER, "Start ComfyUI", "comfyui")
KEY = Action(Mend.OPEN_SETTINGS, "Add a key")
AWAY = Problem("ServerUnreachable", "Nothing answers.", "Start it.", action=START)


def _model(provider: str, name: str, place: Place = Place.LOCAL, **more: object) -> ModelInfo:
    kind = more.pop("kind", ModelKind.TEXT)
    return ModelInfo(ModelRef(provider, name), name, kind, place, **more)  # type: ignore[arg-type]


QWEN = _model(
    "ollama",
    "qwen3:8b",
    capabilities=frozenset({Capability.TOOLS}),
    size=5_200_000_000,
    context=40960,
)
EMBED = _model("ollama", "nomic", problem="It is for embeddings.")
CLAUDE = _model("anthropic", "claude", Place.CLOUD, problem="There is no key.", mend=KEY)
RULES = _model("builtin", "assistant", Place.BUILTIN)
TEXT = (
    ProviderStatus("ollama", "Ollama", Place.LOCAL, "http://x", True, "0.12", (EMBED, QWEN)),
    ProviderStatus("anthropic", "Anthropic", Place.CLOUD, "", True, models=(CLAUDE,)),
    ProviderStatus("builtin", "Built-in", Place.BUILTIN, "", True, models=(RULES,)),
)
IMAGE = (
    ProviderStatus("comfyui", "ComfyUI", Place.LOCAL, "http://y", False, problem=AWAY),
    ProviderStatus(
        "builtin",
        "Built-in",
        Place.BUILTIN,
        "",
        True,
        models=(_model("builtin", "painter", Place.BUILTIN, kind=ModelKind.IMAGE),),
    ),
)


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    return window


@pytest.fixture
def picker(look: Look, window: QWidget) -> ModelPicker:
    picker = ModelPicker(look, window)
    picker.show_statuses(TEXT, IMAGE)
    picker.show_chosen(ModelKind.TEXT, QWEN.ref)
    picker.setParent(window)
    return picker


def _search(picker: ModelPicker) -> QLineEdit:
    return find(picker, QLineEdit, "model_search")


def test_models_are_grouped_by_place_and_usable_ones_come_first() -> None:
    assert lines(TEXT, ModelKind.TEXT) == [
        Heading("Local"),
        Choosable(QWEN, "Ollama"),
        Choosable(EMBED, "Ollama"),
        Heading("Cloud"),
        Choosable(CLAUDE, "Anthropic"),
        Heading("Built-in (no AI)"),
        Choosable(RULES, "Built-in"),
    ]


def test_a_provider_that_is_away_says_why_and_what_mends_it() -> None:
    assert lines(IMAGE, ModelKind.IMAGE)[1] == Trouble("ComfyUI", "Nothing answers.", START, AWAY)


def test_the_search_finds_by_model_and_by_provider() -> None:
    found = lines(TEXT, ModelKind.TEXT, "ollama qwen")
    assert found == [Heading("Local"), Choosable(QWEN, "Ollama")]
    assert lines(TEXT, ModelKind.TEXT, "nothing like it") == []


def test_the_facts_of_a_model_are_told_in_one_line() -> None:
    assert facts(QWEN) == "5.2 GB · 40k context"
    assert size_words(274_000_000) == "274 MB"


def test_enter_chooses_what_the_arrows_reached(picker: ModelPicker, window: QWidget) -> None:
    chosen: list[tuple[ModelKind, ModelRef]] = []
    picker.chosen.connect(lambda kind, ref: chosen.append((kind, ref)))
    picker.open_for(ModelKind.TEXT, window)
    QTest.keyClicks(_search(picker), "built")
    QTest.keyClick(_search(picker), Qt.Key.Key_Return)
    assert chosen == [(ModelKind.TEXT, RULES.ref)]
    assert picker.isHidden()


def test_headings_are_stepped_over(picker: ModelPicker, window: QWidget) -> None:
    chosen: list[ModelRef] = []
    picker.chosen.connect(lambda _, ref: chosen.append(ref))
    picker.open_for(ModelKind.TEXT, window)
    for _ in range(3):
        QTest.keyClick(_search(picker), Qt.Key.Key_Down)
    QTest.keyClick(_search(picker), Qt.Key.Key_Return)
    assert chosen == [RULES.ref]


def test_enter_on_a_grey_line_asks_for_its_mend(picker: ModelPicker, window: QWidget) -> None:
    mends: list[Action] = []
    chosen: list[ModelRef] = []
    picker.mend_chosen.connect(lambda action, _: mends.append(action))
    picker.chosen.connect(lambda _, ref: chosen.append(ref))
    picker.open_for(ModelKind.TEXT, window)
    QTest.keyClicks(_search(picker), "claude")
    QTest.keyClick(_search(picker), Qt.Key.Key_Return)
    picker.open_for(ModelKind.IMAGE, window)
    QTest.keyClick(_search(picker), Qt.Key.Key_Return)
    assert (mends, chosen) == ([KEY, START], [])


def test_a_grey_line_without_a_mend_does_nothing(picker: ModelPicker, window: QWidget) -> None:
    chosen: list[ModelRef] = []
    picker.chosen.connect(lambda _, ref: chosen.append(ref))
    picker.open_for(ModelKind.TEXT, window)
    QTest.keyClicks(_search(picker), "nomic")
    QTest.keyClick(_search(picker), Qt.Key.Key_Return)
    assert chosen == []
    assert picker.isVisible()
    picker.close_()


def test_control_tab_shows_the_other_kind(picker: ModelPicker, window: QWidget) -> None:
    picker.open_for(ModelKind.TEXT, window)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(_search(picker), Qt.Key.Key_Tab, control)
    assert isinstance(picker.lines()[1], Trouble)
    picker.close_()


def test_escape_closes_the_picker(picker: ModelPicker, window: QWidget) -> None:
    picker.open_for(ModelKind.TEXT, window)
    QTest.keyClick(_search(picker), Qt.Key.Key_Escape)
    assert picker.isHidden()


@pytest.mark.parametrize(
    ("kind", "ref", "asking", "level", "action"),
    [
        (ModelKind.TEXT, QWEN.ref, False, Level.READY, None),
        (ModelKind.TEXT, EMBED.ref, False, Level.TROUBLE, None),
        (ModelKind.TEXT, CLAUDE.ref, False, Level.TROUBLE, KEY),
        (ModelKind.TEXT, ModelRef("ollama", "gone"), False, Level.TROUBLE, None),
        (ModelKind.TEXT, ModelRef("elsewhere", "x"), True, Level.STARTING, None),
        (ModelKind.TEXT, ModelRef("elsewhere", "x"), False, Level.OFF, None),
        (ModelKind.TEXT, None, True, Level.STARTING, None),
        (ModelKind.TEXT, None, False, Level.OFF, None),
        (ModelKind.TEXT, RULES.ref, False, Level.READY, None),
        (ModelKind.IMAGE, ModelRef("comfyui", "sdxl"), False, Level.OFF, START),
    ],
)
def test_a_chip_tells_how_its_engine_stands(
    kind: ModelKind, ref: ModelRef | None, asking: bool, level: Level, action: Action | None
) -> None:
    state = engine_state(kind, ref, TEXT if kind is ModelKind.TEXT else IMAGE, asking)
    assert (state.level, state.action) == (level, action)
    assert state.reason


def test_the_built_in_engine_is_labelled_as_no_ai() -> None:
    assert engine_state(ModelKind.TEXT, RULES.ref, TEXT, False).words == "Assistant (no AI)"
    assert (
        engine_state(ModelKind.IMAGE, ModelRef("builtin", "painter"), IMAGE, False).words
        == "Painter (no AI)"
    )


def test_a_click_on_a_chip_says_why_and_offers_the_mend(look: Look, window: QWidget, qtbot) -> None:
    chips = EngineChips(look)
    chips.setParent(window)
    chips.show()
    chips.show_state(engine_state(ModelKind.IMAGE, ModelRef("comfyui", "sdxl"), IMAGE, False))
    mends: list[tuple[Action, Problem]] = []
    asked: list[ModelKind] = []
    chips.mend_chosen.connect(lambda action, problem: mends.append((action, problem)))
    chips.choose_asked.connect(asked.append)
    chips.chip(ModelKind.IMAGE).click()
    assert "Nothing answers" in find(chips.popover, QLabel, "engine_reason").text()
    find(chips.popover, QAbstractButton, "engine_mend").click()
    chips.chip(ModelKind.IMAGE).click()
    find(chips.popover, QAbstractButton, "engine_choose").click()
    assert (mends, asked) == ([(START, AWAY)], [ModelKind.IMAGE])
    assert chips.popover.isHidden()


def test_the_page_lists_every_provider_with_its_mend(look: Look, qtbot) -> None:
    page = ModelsPage(look)
    qtbot.addWidget(page)
    mends: list[Action] = []
    page.mend_chosen.connect(lambda action, _: mends.append(action))
    page.show_statuses(TEXT, IMAGE)
    find(page, QAbstractButton, "mend_comfyui").click()
    assert mends == [START]
    assert page.findChild(QWidget, "text_provider_ollama") is not None
