"""Which items speak about a picture, and how that is said in words."""

from typing import Any

from kupuri_desktop.core.annotations import annotations_on, in_words
from kupuri_desktop.core.geometry import Rect, find_room_beside
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    Item,
    LineItem,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
)

IMAGE = ImageItem(
    id="i", x=0, y=0, width=200, height=100, z=1, asset="p", natural_width=400, natural_height=200
)


def note(**more) -> NoteItem:
    given: dict[str, Any] = {"id": "n", "x": 250, "y": 0, "width": 80, "height": 80, "z": 2} | more
    return NoteItem(text="make the roof red", **given)


def arrow(**more) -> LineItem:
    given: dict[str, Any] = {"id": "a", "x": 100, "y": 50, "width": 150, "height": 0, "z": 3}
    given |= more
    return LineItem(start=(150, 0), end=(0, 0), **given)


def test_what_touches_an_image_in_front_of_it_belongs_to_it():
    behind = ShapeItem(id="s", x=10, y=10, width=20, height=20, z=0)
    far = ShapeItem(id="f", x=900, y=10, width=20, height=20, z=9)
    hidden = ShapeItem(id="h", x=10, y=10, width=20, height=20, z=9, hidden=True)
    frame = FrameItem(id="fr", x=0, y=0, width=400, height=400, z=9)
    stroke = StrokeItem(id="p", x=10, y=10, width=9, height=9, z=4, points=((0, 0, 1), (9, 9, 1)))
    found = annotations_on([IMAGE], [IMAGE, behind, far, hidden, frame, stroke, arrow()])
    assert {item.id for item in found} == {"p", "a"}


def test_a_line_brings_the_note_that_its_other_end_sticks_to():
    tied = arrow(start_item="n", end_item="i", z=0)
    found = annotations_on([IMAGE], [IMAGE, note(), tied])
    assert {item.id for item in found} == {"a", "n"}


def test_annotations_are_told_with_places_in_per_cent_of_the_picture():
    items: dict[str, Item] = {"n": note(), "i": IMAGE}
    marks = [
        arrow(start_item="n", end_item="i"),
        note(),
        TextItem(id="t", x=20, y=10, width=100, height=20, text="Sky\n\nis  too dark"),
        ShapeItem(id="s", x=0, y=0, width=100, height=50, form=ShapeForm.ELLIPSE),
    ]
    words = in_words(marks, IMAGE.rect, items)
    assert words == (
        "arrow from the words “make the roof red” to (50 %, 50 %); "
        "note “make the roof red” from (100 %, 0 %) to (100 %, 80 %); "
        "text “Sky is too dark” from (10 %, 10 %) to (60 %, 30 %); "
        "ellipse from (0 %, 0 %) to (50 %, 50 %)"
    )


def test_an_arrow_is_told_from_its_tail_to_its_head():
    back = arrow(arrow_start=True, arrow_end=False)
    assert in_words([back], IMAGE.rect, {}) == "arrow from (50 %, 50 %) to (100 %, 50 %)"


def test_a_place_beside_is_the_nearest_that_is_free():
    one = Rect(0, 0, 100, 100)
    assert find_room_beside([one], one, 100, 100, 10) == (110, 0)
    right = Rect(110, 0, 100, 100)
    assert find_room_beside([one, right], one, 100, 100, 10) == (0, 110)
    around = [one, right, Rect(0, 110, 100, 100), Rect(-110, 0, 100, 100), Rect(0, -110, 100, 100)]
    assert find_room_beside(around, one, 100, 100, 10) == (220, 0)
