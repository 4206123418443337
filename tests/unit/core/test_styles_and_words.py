"""Looks carried from item to item, words found and replaced, sizes of frames."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.arrange import carried
from kupuri_desktop.core.frames import sized, sizes_in, swapped
from kupuri_desktop.core.items import (
    Align,
    FrameItem,
    ImageItem,
    Item,
    LineForm,
    LineItem,
    NoteItem,
    ShapeItem,
    StrokeItem,
    TextItem,
    kind_of,
)
from kupuri_desktop.core.paths import resource
from kupuri_desktop.core.replacing import found_in, replaced
from kupuri_desktop.core.styles import same_kind, same_style, styled
from kupuri_desktop.core.transforms import moved

PLACE: dict[str, Any] = {"x": 1.0, "y": 2.0, "width": 30.0, "height": 40.0}
TEXT = TextItem(
    id="t", **PLACE, text="Words", font_size=40, font_weight=700, colour="#112233",
    align=Align.RIGHT, line_height=1.4, letter_spacing=0.1, capitals=True, opacity=0.5,
)  # fmt: skip
SHAPE = ShapeItem(
    id="s", **PLACE, fill=None, stroke="#445566", stroke_width=9, dash=(4.0, 2.0), corner_radius=7
)
LINE = LineItem(id="l", **PLACE, stroke="#778899", form=LineForm.ELBOW, arrow_start=True)
ITEMS: tuple[Item, ...] = (
    TEXT,
    SHAPE,
    LINE,
    NoteItem(id="n", **PLACE, text="Note", colour="#aabbcc"),
    StrokeItem(id="p", **PLACE),
    FrameItem(id="f", **PLACE),
    ImageItem(id="i", **PLACE, asset="a", natural_width=9, natural_height=9, corner_radius=3),
)


@pytest.mark.parametrize("source", ITEMS, ids=kind_of)
@pytest.mark.parametrize("item", ITEMS, ids=kind_of)
def test_a_style_leaves_what_an_item_shows_and_where(item: Item, source: Item) -> None:
    new = styled(item, source)
    assert (new.id, new.rect, new.name) == (item.id, item.rect, item.name)
    assert getattr(new, "text", None) == getattr(item, "text", None)
    assert getattr(new, "stroke", "") is not None or isinstance(new, ShapeItem)
    assert new.opacity == source.opacity
    assert styled(new, source) == new


def test_all_of_a_texts_type_goes_to_another_text() -> None:
    other = TextItem(id="o", **PLACE, text="Other")
    new = styled(other, TEXT)
    assert isinstance(new, TextItem)
    assert (new.id, new.text) == ("o", "Other")
    assert same_style([new], [TEXT]) == [new]


def test_paper_stays_paper_and_ink_stays_ink() -> None:
    note = ITEMS[3]
    shape = styled(SHAPE, note)
    assert isinstance(shape, ShapeItem)
    assert (shape.fill, shape.stroke) == ("#aabbcc", "#445566")
    assert getattr(styled(TEXT, note), "colour", "") == "#112233"
    line = styled(LINE, SHAPE)
    assert isinstance(line, LineItem)
    assert (line.stroke, line.stroke_width, line.dash) == ("#445566", 9, (4.0, 2.0))


def test_the_same_kind_and_the_same_style_are_found() -> None:
    twin = moved(SHAPE, 50, 0)
    thick = ShapeItem(id="k", **PLACE, stroke_width=30)
    assert same_kind([*ITEMS, twin, thick], [SHAPE]) == [SHAPE, twin, thick]
    assert same_style([*ITEMS, twin, thick], [SHAPE]) == [SHAPE, twin]


def test_words_are_found_in_texts_notes_and_names() -> None:
    items = [
        NoteItem(id="n", **PLACE, text="Sea and sea", name="sea note"),
        FrameItem(id="f", **PLACE, name="Deep Sea"),
        SHAPE,
    ]
    found = found_in(items, "sea")
    assert [(f.item, f.field, f.start) for f in found] == [
        ("n", "text", 0), ("n", "text", 8), ("n", "name", 0), ("f", "name", 5),
    ]  # fmt: skip
    assert len(found_in(items, "Sea", match_case=True)) == 2
    assert found_in(items, "") == []


words = st.text("abA. (*", max_size=12)


@given(words, words, words)
def test_replacing_all_is_what_a_plain_replace_does(text: str, wanted: str, other: str) -> None:
    item = NoteItem(id="n", **PLACE, text=text)
    places = found_in([item], wanted, match_case=True)
    new = replaced({"n": item}, places, other)
    expected = text.replace(wanted, other) if wanted else text
    assert [each.text for each in new if isinstance(each, NoteItem)] == [expected] * bool(places)


def test_the_list_of_sizes_is_sound() -> None:
    groups = sizes_in((resource("frames") / "sizes.json").read_text(encoding="utf-8"))
    names = [size.name for group in groups for size in group.sizes]
    assert len(groups) == 3
    assert len(names) == len(set(names)) > 15
    assert all(0 < s.width <= 16384 and 0 < s.height <= 16384 for g in groups for s in g.sizes)


def test_a_frame_takes_a_size_and_its_name_unless_it_has_one() -> None:
    size = sizes_in('[{"name":"P","sizes":[{"name":"A4","width":2480,"height":3508}]}]')[0].sizes[0]
    frame = FrameItem(id="f", **PLACE, name="Frame")
    new = sized(frame, size)
    assert (new.x, new.y, new.width, new.height, new.name) == (1, 2, 2480, 3508, "A4")
    assert sized(FrameItem(id="f", **PLACE, name="Cover"), size).name == "Cover"
    assert (swapped(new).width, swapped(new).height) == (3508, 2480)


def test_what_a_frame_holds_goes_along_when_it_is_laid_out() -> None:
    frame = FrameItem(id="f", **PLACE)
    held = ShapeItem(id="h", x=5, y=5, width=1, height=1, frame="f")
    known: dict[str, Item] = {"f": frame, "h": held, "s": SHAPE}
    assert carried([moved(frame, 10, 20)], known)[1:] == [moved(held, 10, 20)]
    assert carried([moved(held, 1, 1)], known) == [moved(held, 1, 1)]
