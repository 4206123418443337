"""What is drawn next looks like what was set last on its kind."""

from kupuri_desktop.core.items import LineItem, NoteItem, ShapeItem
from kupuri_desktop.core.next_styles import Styles


def test_each_kind_keeps_its_own_style() -> None:
    styles = Styles()
    styles.remember("shape", "fill", "#112233")
    styles.remember("shape", "stroke_width", 8.0)
    shape = ShapeItem(id="a", x=0, y=0, width=1, height=1)
    dressed = styles.dressed(shape)
    assert (dressed.fill, dressed.stroke_width, dressed.stroke) == ("#112233", 8.0, shape.stroke)
    line = LineItem(id="b", x=0, y=0, width=1, height=1)
    assert styles.dressed(line) == line


def test_what_is_no_style_is_not_remembered() -> None:
    styles = Styles()
    styles.remember("note", "x", 400.0)
    styles.remember("image", "opacity", 0.5)
    note = NoteItem(id="a", x=0, y=0, width=1, height=1)
    assert styles.dressed(note) == note
    assert styles.get("note", "x") is None


def test_a_property_that_the_item_does_not_have_is_left_out() -> None:
    styles = Styles()
    styles.remember("text", "colour", "#000000")
    styles._kept["note"] = {"letter_spacing": 2.0}
    note = NoteItem(id="a", x=0, y=0, width=1, height=1)
    assert styles.dressed(note) == note
