"""Colours are read from every usual spelling and written as items keep them."""

import pytest

from kupuri_desktop.core.colours import Colour, Spelling, colour_in, contrast, harmonies

WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("#f64", "#ff6644"),
        ("f64", "#ff6644"),
        ("#f648", "#ff664488"),
        ("FF6B4A", "#ff6b4a"),
        ("#ff6b4a80", "#ff6b4a80"),
        ("rgb(255, 107, 74)", "#ff6b4a"),
        ("rgb(255 107 74 / 50%)", "#ff6b4a80"),
        ("RGBA(255,107,74,0.5)", "#ff6b4a80"),
        ("rgb(100%, 0%, 0%)", "#ff0000"),
        ("rgb(300, -4, 0)", "#ff0000"),
        ("255 107 74", "#ff6b4a"),
        ("255, 107, 74", "#ff6b4a"),
        ("hsl(120, 100%, 25%)", "#008000"),
        ("hsla(0.5turn 100% 50% / 1)", "#00ffff"),
        ("hsv(240, 100, 100)", "#0000ff"),
        ("teal", "#008080"),
        (" Dark Slate Grey ", "#2f4f4f"),
        ("rebeccapurple", "#663399"),
        ("transparent", "#00000000"),
    ],
)
def test_a_colour_is_read_from_each_usual_spelling(text: str, kept: str) -> None:
    colour = colour_in(text)
    assert colour is not None
    assert colour.text() == kept


@pytest.mark.parametrize(
    "text", ["", "#", "#12345", "fox", "rgb(1,2)", "rgb(1,2,3,4,5)", "hsl(a, b, c)", "1 2", "#zzz"]
)
def test_what_spells_no_colour_is_none(text: str) -> None:
    assert colour_in(text) is None


@pytest.mark.parametrize("spelling", list(Spelling))
@pytest.mark.parametrize("kept", ["#ff6b4a", "#00000000", "#12345680", "#ffffff"])
def test_what_is_written_is_read_again(kept: str, spelling: Spelling) -> None:
    colour = colour_in(kept)
    assert colour is not None
    again = colour_in(colour.spelled(spelling))
    assert again is not None
    # Whole degrees and per cents of HSL are coarser than bytes.
    assert abs(again.red - colour.red) <= 3
    assert abs(again.alpha - colour.alpha) <= 1
    if spelling is Spelling.HEX:
        assert again == colour


def test_hsv_and_hsl_lead_back_to_the_same_colour() -> None:
    for red in range(0, 256, 51):
        for blue in range(0, 256, 17):
            colour = Colour(red, 90, blue, 7)
            assert Colour.from_hsv(*colour.hsv, 7) == colour
            assert Colour.from_hsl(*colour.hsl, 7) == colour


def test_contrast_runs_from_one_to_twentyone() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(BLACK, BLACK) == 1
    assert contrast(Colour(0x76, 0x76, 0x76), WHITE) == pytest.approx(4.54, abs=0.01)


def test_a_translucent_colour_is_seen_over_its_ground() -> None:
    assert Colour(255, 255, 255, 0).over(BLACK) == BLACK
    assert Colour(255, 0, 0, 128).over(BLACK) == Colour(128, 0, 0)


def test_harmonies_keep_saturation_value_and_alpha() -> None:
    colour = Colour(255, 107, 74, 99)
    found = harmonies(colour)
    assert len(set(found)) == 5
    for each in found:
        assert each.alpha == 99
        assert each.hsv[1:] == pytest.approx(colour.hsv[1:], abs=0.01)
    assert abs(found[3].hsv[0] - colour.hsv[0]) == pytest.approx(0.5, abs=0.01)
