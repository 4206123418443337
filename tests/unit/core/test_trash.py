"""How long things stay in the trash, and where items go that come back."""

from datetime import UTC, datetime, timedelta

from kupuri_desktop.core.items import FrameItem, ImageItem, LineItem, NoteItem
from kupuri_desktop.core.trash import Discarded, Trashed, put_back

NOW = datetime(2025, 6, 15, 12, 0, tzinfo=UTC)


def picture(key: str, x: float = 0, z: float = 1, **more) -> ImageItem:
    return ImageItem(
        id=key, x=x, y=0, width=100, height=100, z=z, asset="a" * 64,
        natural_width=100, natural_height=100, **more,
    )  # fmt: skip


def thrown(days: float) -> Trashed:
    return Trashed(
        kind=Discarded.ITEM,
        id="i",
        name="fox",
        project="p",
        project_name="Foxes",
        trashed=NOW - timedelta(days=days),
    )


def test_the_days_that_are_left_count_down_to_none():
    assert thrown(0).days_left(NOW) == 30
    assert thrown(1.5).days_left(NOW) == 29
    assert thrown(29.5).days_left(NOW) == 1
    assert thrown(40).days_left(NOW) == 0
    assert thrown(-1).days_left(NOW) == 30, "a clock that was set back promises no more"


def test_an_item_comes_back_to_where_it_lay():
    assert put_back([picture("i")], [picture("other", x=90)], (500, 500)) == [picture("i")]


def test_an_item_whose_place_is_taken_comes_to_the_middle_of_what_is_seen_in_front():
    [back] = put_back([picture("i")], [picture("other", x=10, z=7)], (500, 500))
    assert (back.x, back.y) == (450, 450)
    assert back.z > 7


def test_without_a_view_it_comes_to_where_there_is_room():
    there = picture("other", z=7)
    [back] = put_back([picture("i")], [there])
    assert not back.rect.meets(there.rect)


def test_what_lay_behind_or_on_a_frame_covers_nothing():
    frame = FrameItem(id="f", x=-50, y=-50, width=400, height=400, z=9)
    behind = picture("behind", z=0)
    assert put_back([picture("i")], [frame, behind], (500, 500)) == [picture("i")]


def test_things_that_come_back_together_keep_their_order_and_distance():
    gone = [picture("a", z=2), picture("b", x=150, z=1)]
    back = {item.id: item for item in put_back(gone, [picture("other", z=7)], (0, 0))}
    assert back["b"].x - back["a"].x == 150
    assert back["a"].z > back["b"].z > 7


def test_what_held_an_item_and_is_gone_holds_it_no_more():
    frame = FrameItem(id="f", x=0, y=0, width=9, height=9)
    arrow = LineItem(id="l", x=0, y=0, width=9, height=9, start_item="i", end_item="nobody")
    held = picture("i", frame="f", group="g", hidden=True)
    alone, line = put_back([held, arrow], [])
    assert (alone.frame, alone.group, alone.hidden) == (None, None, False)
    assert isinstance(line, LineItem)
    assert (line.start_item, line.end_item) == ("i", None)
    together = put_back([held, frame, NoteItem(id="n", x=0, y=0, width=9, height=9, group="g")], [])
    assert (together[0].frame, together[0].group) == ("f", "g")
