"""Laying items out, stacking them, copying them."""

from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.arrange import (
    Axis,
    Depth,
    Edge,
    Layout,
    align,
    copies,
    distribute,
    gathered,
    in_reading_order,
    rehomed,
    reorder,
    same_size,
    tidy,
)
from kupuri_desktop.core.connections import following, joined
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, LineItem, ShapeItem
from kupuri_desktop.core.snapping import Distance, snap, snap_point


def box(key: str, x: float, y: float, w: float = 100, h: float = 100, **more) -> ShapeItem:
    return ShapeItem(id=key, x=x, y=y, width=w, height=h, **more)


def by_id(items: list[Item]) -> dict[str, Item]:
    return {item.id: item for item in items}


def test_each_alignment_puts_that_edge_on_one_line() -> None:
    items = [box("a", 0, 0), box("b", 50, 200, 300, 40)]
    assert [i.x for i in align(items, Edge.LEFT)] == [0, 0]
    assert [i.x + i.width for i in align(items, Edge.RIGHT)] == [350, 350]
    assert [i.x + i.width / 2 for i in align(items, Edge.CENTRE)] == [175, 175]
    assert [i.y for i in align(items, Edge.TOP)] == [0, 0]
    assert [i.y + i.height / 2 for i in align(items, Edge.MIDDLE)] == [120, 120]
    assert [i.y + i.height for i in align(items, Edge.BOTTOM)] == [240, 240]


def test_a_group_is_aligned_as_one() -> None:
    items = [box("a", 0, 0), box("b", 300, 0, group="g"), box("c", 450, 0, group="g")]
    assert [i.x for i in align(items, Edge.LEFT)] == [0, 0, 150]


def test_what_is_gathered_lies_right_behind_the_front_one_in_its_order() -> None:
    everything: list[Item] = [box(key, 0, 0, z=float(z)) for z, key in enumerate("abcdef")]
    mine = [each for each in everything if each.id in "bde"]
    there = by_id(everything) | by_id(gathered(mine, everything))
    order = sorted(there.values(), key=lambda item: (item.z, item.id))
    assert "".join(item.id for item in order) == "acbdef"
    assert there["e"] == mine[-1], "the front one stays"


def test_what_lies_together_is_left_alone_by_gathering_and_so_are_frames() -> None:
    everything = [box(key, 0, 0, z=float(z)) for z, key in enumerate("abcd")]
    assert gathered(everything[1:3], everything) == everything[1:3]
    frame = FrameItem(id="frame", x=0, y=0, width=9, height=9, z=-1.0)
    mine = [frame, everything[0], everything[2]]
    assert gathered(mine, [frame, *everything])[0] == frame


def test_distributing_makes_the_gaps_the_same_and_leaves_the_outer_two() -> None:
    items = [box("a", 0, 0), box("c", 500, 0), box("b", 110, 0, 50)]
    there = by_id(distribute(items, Axis.HORIZONTAL))
    assert (there["a"].x, there["b"].x, there["c"].x) == (0, 275, 500)


boxes = st.lists(
    st.tuples(*[st.integers(-900, 900)] * 2, *[st.integers(5, 300)] * 2), min_size=2, max_size=12
)


@given(boxes, st.sampled_from(Layout))
def test_tidied_items_do_not_overlap_and_keep_their_size(places, layout) -> None:
    items = [box(str(n), *place) for n, place in enumerate(places)]
    there = tidy(items, layout, gap=10)
    assert {(i.id, i.width, i.height) for i in there} == {(i.id, i.width, i.height) for i in items}
    for n, a in enumerate(there):
        assert not any(a.rect.meets(b.rect, 9.9) for b in there[n + 1 :])


def test_images_made_as_wide_as_the_first_keep_their_proportions() -> None:
    image = ImageItem(
        id="i", x=0, y=0, width=50, height=100, asset="a", natural_width=5, natural_height=10
    )
    _, there = same_size([box("a", 0, 0), image], Axis.HORIZONTAL)
    assert (there.width, there.height) == (100, 200)


def stack(*keys: str) -> list[Item]:
    return [box(key, 0, 0, z=float(n)) for n, key in enumerate(keys)]


def order(items: list[Item], changed: list[Item]) -> str:
    now = by_id(items) | by_id(changed)
    return "".join(i.id for i in sorted(now.values(), key=lambda i: (i.z, i.id)))


def test_depth_changes_keep_the_order_among_what_is_moved() -> None:
    items = stack(*"abcde")
    assert order(items, reorder(items, "ac", Depth.FRONT)) == "bdeac"
    assert order(items, reorder(items, "ce", Depth.BACK)) == "ceabd"
    assert order(items, reorder(items, "b", Depth.FORWARD)) == "acbde"
    assert order(items, reorder(items, "d", Depth.BACKWARD)) == "abdce"
    assert reorder(items, "e", Depth.FORWARD) == []


def test_forward_passes_the_next_item_that_overlaps() -> None:
    items: list[Item] = [box("a", 0, 0, z=0), box("b", 900, 0, z=1), box("c", 50, 0, z=2)]
    assert order(items, reorder(items, "a", Depth.FORWARD)) == "bca"


def test_copies_know_each_other_and_not_their_originals() -> None:
    frame = FrameItem(id="f", x=0, y=0, width=300, height=300)
    items = [frame, box("a", 0, 0, frame="f", group="g", z=1), box("b", 9, 9, group="g", z=2)]
    line = LineItem(id="l", x=0, y=0, width=9, height=9, start_item="a", end_item="x", z=3)
    made = copies([*items, line], 10, 20, 50.0)
    assert [i.z for i in made] == [50, 51, 52, 53]
    new_frame, a, b, arrow = made
    assert a.frame == new_frame.id != "f"
    assert a.group == b.group != "g"
    assert isinstance(arrow, LineItem)
    assert (arrow.start_item, arrow.end_item) == (a.id, None)
    assert (a.x, a.y) == (10, 20)


def test_an_item_belongs_to_the_frame_that_holds_its_centre() -> None:
    low = FrameItem(id="f", x=0, y=0, width=300, height=300, z=0)
    high = FrameItem(id="h", x=0, y=0, width=100, height=100, z=1)
    moved = rehomed([box("a", 0, 0), box("b", 150, 150), box("c", 900, 0, frame="f")], [low, high])
    assert [i.frame for i in moved] == ["h", "f", None]


def test_reading_order_goes_row_by_row() -> None:
    rects = [Rect(200, 5, 90, 90), Rect(0, 120, 90, 90), Rect(0, 0, 90, 90)]
    assert in_reading_order(rects, lambda r: r) == [rects[2], rects[0], rects[1]]


def test_an_edge_close_by_pulls_and_shows_a_guide() -> None:
    there = snap(Rect(103, 40, 50, 50), [Rect(0, 0, 100, 100)], 6)
    assert there.dx == -3
    assert any(guide.upright and guide.at == 100 for guide in there.guides)
    assert snap(Rect(120, 300, 50, 50), [Rect(0, 0, 100, 100)], 6).guides == ()


def test_equal_gaps_pull_and_show_their_lengths() -> None:
    others = [Rect(0, 0, 100, 103), Rect(140, 0, 100, 103)]
    there = snap(Rect(283, 21, 61, 50), others, 6, ys=False)
    assert there.dx == -3
    assert there.distances == (Distance(100, 51.5, 40, True), Distance(240, 46, 40, True))


def test_a_side_that_is_resized_comes_to_rest_on_anothers_edge() -> None:
    there = snap_point(98, 500, [Rect(100, 0, 50, 50)], 5, xs=True, ys=False)
    assert (there.dx, there.dy) == (2, 0)


def test_a_stuck_line_follows_and_lets_go_of_what_is_deleted() -> None:
    a, b = box("a", 0, 0), box("b", 300, 0)
    line = LineItem(id="l", x=0, y=0, width=1, height=0, end=(1, 0), start_item="a", end_item="b")
    line = joined(line, {"a": a, "b": b})
    assert (line.x, line.width, line.y) == (106, 188, 50)
    items: dict[str, Item] = {"a": a, "b": b, "l": line}
    moved = following([line], items, {"b": box("b", 300, 400)})["l"]
    assert isinstance(moved, LineItem)
    assert moved.y + moved.end[1] > 300
    loose = following([line], items, {"a": None})["l"]
    assert isinstance(loose, LineItem)
    assert (loose.start_item, loose.end_item) == (None, "b")
    assert "l" not in following([line], items, {"l": None, "x": None})
