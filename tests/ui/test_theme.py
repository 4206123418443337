"""The tokens are legible and complete, and the window changes its theme while it runs."""

from itertools import product

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget

from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.tokens import ThemeName, read_palette

THEMES: tuple[ThemeName, ...] = ("dark", "light")
GROUNDS = ("canvas", "surface", "raised")


def _luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)


@pytest.mark.parametrize("theme", THEMES)
def test_every_written_word_has_a_contrast_of_four_and_a_half(theme: ThemeName) -> None:
    colours = read_palette(theme).colours
    words = (
        "text", "text_second", "text_third", "accent_text", "ok_text", "warn_text", "error_text",
    )  # fmt: skip
    pairs = [*product(words, GROUNDS), ("text", "hover"), ("text_second", "hover")]
    pairs += [("text", "well"), ("text_second", "well"), ("text", "pressed")]
    pairs += [("on_accent", f"accent_{state}") for state in ("fill", "hover", "pressed")]
    poor = {
        (word, ground): round(ratio, 2)
        for word, ground in pairs
        if (ratio := contrast(getattr(colours, word), getattr(colours, ground))) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_icon_and_mark_has_a_contrast_of_three(theme: ThemeName) -> None:
    colours = read_palette(theme).colours
    marks = ("icon", "accent", "ok", "warn", "error", "off")
    poor = {
        (mark, ground): round(ratio, 2)
        for mark, ground in product(marks, GROUNDS)
        if (ratio := contrast(getattr(colours, mark), getattr(colours, ground))) < 3
    }
    assert poor == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_welcome_line_is_legible_in_all_its_colours(theme: ThemeName) -> None:
    palette = read_palette(theme)
    assert min(contrast(stop, palette.colours.canvas) for stop in palette.welcome) >= 3


def test_inter_is_bundled_in_the_weights_that_are_used(look: Look) -> None:
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold):
        info = QFontInfo(look.theme.font(13, weight))
        assert info.family().startswith("Inter")
        assert info.weight() == weight.value


def test_changing_the_theme_tells_the_widgets(look: Look, qapp: QApplication) -> None:
    heard: list[bool] = []
    look.changed.connect(lambda: heard.append(look.theme.dark))
    widget = QWidget()
    widget.show()
    assert look.toggle() == "light"
    assert widget.palette().window().color() == look.theme.colours.surface
    assert look.toggle() == "dark"
    assert heard == [False, True]
    assert qapp.palette().windowText().color() == look.theme.colours.text


def test_choosing_the_theme_that_is_in_use_changes_nothing(look: Look) -> None:
    heard: list[None] = []
    look.changed.connect(lambda: heard.append(None))
    look.choose("dark")
    assert heard == []


def test_reduced_motion_makes_every_duration_nothing(qapp: QApplication, look: Look) -> None:
    assert look.theme.reduce_motion
    assert (look.theme.motion.hover, look.theme.motion.panel, look.theme.motion.settle) == (0, 0, 0)
