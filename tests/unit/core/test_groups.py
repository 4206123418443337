"""Groups within groups: what a click takes, and what grouping, peeling and copying do to paths."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.arrange import Axis, Edge, align, blocks, copies, distribute
from kupuri_desktop.core.groups import (
    below,
    common,
    grouped,
    inside,
    lifted,
    members,
    name_of,
    parent,
    renamed,
    taken,
    under,
    ungrouped,
)
from kupuri_desktop.core.items import Item, ShapeItem

paths = st.none() | st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)


def item(key: str, group: str | None = None, x: float = 0.0) -> Item:
    return ShapeItem(id=key, x=x, y=0, width=10, height=10, group=group)


@given(paths, paths)
def test_a_path_is_its_group_and_what_is_below(path: str | None, entered: str | None) -> None:
    shared = common(path, entered)
    assert inside(path, shared)
    assert inside(entered, shared)
    assert under(shared, below(path, shared)) == path


@given(paths)
def test_entering_what_a_click_takes_ends_at_the_item(path: str | None) -> None:
    entered, steps = None, 0
    while (group := taken(path, entered)) is not None:
        assert parent(group) == entered
        entered, steps = group, steps + 1
    assert entered == path
    assert steps == (path.count("/") + 1 if path else 0)


@given(st.lists(paths, min_size=2, max_size=6))
def test_what_is_grouped_is_taken_as_one_and_peeled_off_again(found: list[str | None]) -> None:
    items = [item(str(n), path) for n, path in enumerate(found)]
    together = grouped(items, items)
    assert len({taken(each.group, None) for each in together}) == 1
    assert ungrouped(together) == items


def test_a_group_made_in_an_entered_group_lies_in_it() -> None:
    items = [item("1", "a"), item("2", "a"), item("3", "a/b")]
    new = grouped(items, items, "a")
    assert [parent(each.group) for each in new[:2]] == ["a", "a"]
    assert str(new[2].group).endswith("/b")
    assert [each.group for each in ungrouped(new, "a")] == ["a", "a", "a/b"]


def test_some_members_of_a_group_are_grouped_inside_it() -> None:
    items = [item("1", "a"), item("2", "a"), item("3", "a")]
    assert {parent(each.group) for each in grouped(items[:2], items)} == {"a"}


def test_a_whole_group_goes_into_a_new_one_as_it_is_whatever_else_is_there() -> None:
    whole, other = [item("1", "a/b"), item("2", "a")], [item("3"), item("4", "c")]
    together = grouped(whole, [*whole, *other])
    (new,) = {taken(each.group, None) for each in together}
    assert new not in ("a", "c", None)
    assert [below(each.group, new) for each in together] == ["a/b", "a"]


def test_only_groups_not_entered_are_peeled() -> None:
    assert ungrouped([item("1", "a"), item("2", "a/b")], "a") == [item("2", "a")]


def test_copies_renew_every_group_and_stay_in_the_one_that_is_kept() -> None:
    items = [item("1", "a/b=Sky"), item("2", "a/b=Sky"), item("3", "a")]
    one, two, three = copies(items, 0, 0, 1)
    assert one.group == two.group
    assert name_of(one.group or "") == "Sky"
    assert parent(one.group) == three.group
    assert not {"a", "b=Sky"} & set(f"{one.group}/{three.group}".split("/"))
    one, _, three = copies(items, 0, 0, 1, "a")
    assert (parent(one.group), three.group) == ("a", "a")
    assert one.group != "a/b=Sky"


def test_what_is_copied_out_of_an_entered_group_leaves_it() -> None:
    assert [i.group for i in lifted([item("1", "a"), item("2", "a/b")], "a")] == [None, "b"]


def test_a_group_is_renamed_in_the_paths_of_all_its_members() -> None:
    items = [item("1", "a/b"), item("2", "a/b/c"), item("3", "a")]
    new = renamed(items, "a/b", "Blue / sky = 1")
    assert len(new) == 2
    group = str(new[0].group)
    assert (name_of(group), parent(group)) == ("Blue / sky = 1", "a")
    assert members([*new, items[2]], group) == new
    assert renamed(new, group, "") == items[:2]


def test_arranging_works_on_what_the_entered_group_holds() -> None:
    items = [item("1", "a/b", 0), item("2", "a/b", 20), item("3", "a", 100), item("4", "a", 60)]
    assert len(blocks(items)) == 1
    assert len(blocks(items, "a")) == 3
    assert align(items, Edge.LEFT) == items
    assert {each.x for each in align(items, Edge.LEFT, "a")} == {0, 20}
    spread = {each.id: each.x for each in distribute(items, Axis.HORIZONTAL, "a")}
    assert (spread["1"], spread["2"], spread["4"], spread["3"]) == (0, 20, 60, 100)


def test_an_item_of_old_is_in_one_group() -> None:
    old = item("1", "6b0c8a0e-6f0b-4d2c-9b3a-0d1c2b3a4f5e")
    assert taken(old.group, None) == old.group
    assert taken(old.group, old.group) is None
    assert ungrouped([old]) == [replace(old, group=None)]
