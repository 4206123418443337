"""A palette holds each colour once, in the order that somebody gives it."""

from typing import Any

from kupuri_desktop.core.items import FrameItem, ImageItem, NoteItem, ShapeItem, TextItem
from kupuri_desktop.core.palette import MOST_SAVED, Palette, SavedColour, used_colours

PLACE: dict[str, Any] = {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}


def colours(palette: Palette) -> list[str]:
    return [each.colour for each in palette.saved]


def test_a_colour_is_saved_once_at_the_end() -> None:
    palette = Palette().added("#111111").added("#222222", "  Deep   sea ").added("#111111")
    assert palette.saved == (SavedColour("#111111"), SavedColour("#222222", "Deep sea"))
    assert palette.saved[1].words == "Deep sea (#222222)"


def test_colours_are_moved_renamed_and_removed() -> None:
    palette = Palette().added("#1").added("#2").added("#3")
    assert colours(palette.moved("#1", 2)) == ["#2", "#3", "#1"]
    assert colours(palette.moved("#3", 0)) == ["#3", "#1", "#2"]
    assert colours(palette.moved("#2", 99)) == ["#1", "#3", "#2"]
    assert palette.moved("#9", 0) is palette
    assert palette.renamed("#2", "Sand").saved[1].name == "Sand"
    assert colours(palette.removed("#2")) == ["#1", "#3"]


def test_a_palette_has_an_end() -> None:
    palette = Palette()
    for number in range(MOST_SAVED + 5):
        palette = palette.added(f"#{number:06x}")
    assert len(palette.saved) == MOST_SAVED


def test_the_colours_of_most_items_come_first() -> None:
    items = [
        ShapeItem(id="a", **PLACE, fill="#aaaaaa", stroke="#aaaaaa"),
        ShapeItem(id="b", **PLACE, fill=None, stroke="#bbbbbb"),
        TextItem(id="c", **PLACE, text="x", colour="#bbbbbb"),
        NoteItem(id="d", **PLACE, colour="#cccccc"),
        FrameItem(id="e", **PLACE, background="#aaaaaa"),
        FrameItem(id="f", **PLACE, background="#bbbbbb"),
        ImageItem(id="g", **PLACE, asset="x", natural_width=1, natural_height=1),
    ]
    assert used_colours(items) == ["#bbbbbb", "#aaaaaa", "#cccccc"]
