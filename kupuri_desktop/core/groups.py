"""Groups within groups: an item's `group` is the path of all that it is in, the outermost first.

A path is ids joined by `/`. An id may carry the group's name behind `=`, percent-encoded: a group
has no item of its own that could keep it. None and the empty path both say: in no group.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote, unquote

from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import Item

_LEVEL, _NAME = "/", "="
MOST_LEVELS = 32
"""Deeper than anybody nests; what comes from files is cut there."""


def parent(path: str | None) -> str | None:
    """One level out; None from the outermost."""
    if path is None or _LEVEL not in path:
        return None
    return path.rpartition(_LEVEL)[0]


def inside(path: str | None, group: str | None) -> bool:
    """Whether what has this path is in the group, at whatever depth. All is in no group."""
    if not group:
        return True
    return path is not None and (path == group or path.startswith(group + _LEVEL))


def under(home: str | None, rest: str | None) -> str | None:
    """The path of `rest` within `home`; either may be nothing."""
    return _LEVEL.join(part for part in (home, rest) if part) or None


def below(path: str | None, group: str | None) -> str | None:
    """What of a path is left inside a group that it lies in."""
    if not group or path is None:
        return path or None
    return path[len(group) + 1 :] or None


def common(one: str | None, other: str | None) -> str | None:
    """The innermost group that both are in."""
    while one and not inside(other, one):
        one = parent(one)
    return one or None


def taken(path: str | None, entered: str | None) -> str | None:
    """The group that a click takes: the outermost that has not been entered. None: the item."""
    entered = common(entered, path)
    rest = below(path, entered)
    return under(entered, rest.partition(_LEVEL)[0]) if rest else None


def members(items: Iterable[Item], group: str) -> list[Item]:
    """All that is in a group, at whatever depth."""
    return [item for item in items if item.group is not None and inside(item.group, group)]


def grouped(
    items: Sequence[Item], everything: Iterable[Item], entered: str | None = None
) -> list[Item]:
    """The items in a new group, as deep as they lie together; whole groups go in as they are."""
    if not items:
        return []
    level = items[0].group
    for item in items:
        level = common(level, item.group)
    chosen = {item.id for item in items}
    rest = [item.group for item in everything if item.id not in chosen]
    floor = common(entered, level)
    while level != floor and not any(path and inside(path, level) for path in rest):
        level = parent(level)
    new = under(level, new_id())
    return [replace(item, group=under(new, below(item.group, level))) for item in items]


def ungrouped(items: Iterable[Item], entered: str | None = None) -> list[Item]:
    """The items without the outermost group that has not been entered; others are left out."""
    result: list[Item] = []
    for item in items:
        group = taken(item.group, entered)
        if group is not None:
            result.append(replace(item, group=under(parent(group), below(item.group, group))))
    return result


def lifted(items: Iterable[Item], entered: str | None) -> list[Item]:
    """The items as they are without the groups around what was entered."""
    return [
        replace(item, group=below(item.group, entered)) if inside(item.group, entered) else item
        for item in items
    ]


def renewal(paths: Iterable[str | None], kept: str | None = None) -> Callable[[str], str]:
    """A function that gives paths with all ids new, the same for the same; names stay.

    kept: a group whose members stay in it.
    """
    known = {part: new_id() for path in paths if path for part in _ids(path)}

    def renewed(path: str) -> str:
        home = kept if kept and inside(path, kept) else None
        rest = below(path, home)
        parts = [] if rest is None else rest.split(_LEVEL)[:MOST_LEVELS]
        new = _LEVEL.join(known[part.partition(_NAME)[0]] + _tail(part) for part in parts)
        return under(home, new) or ""

    return renewed


def name_of(path: str) -> str:
    """The name of the innermost group of a path; empty where it has none."""
    return unquote(path.rpartition(_LEVEL)[2].partition(_NAME)[2])


def renamed(items: Iterable[Item], group: str, name: str) -> list[Item]:
    """All members of a group whose path is `group`, with its new name in theirs."""
    own = group.rpartition(_LEVEL)[2].partition(_NAME)[0]
    tail = _NAME + quote(name, safe=" ") if name else ""
    new = under(parent(group), own + tail)
    return [
        replace(item, group=under(new, below(item.group, group))) for item in members(items, group)
    ]


def _ids(path: str) -> list[str]:
    return [part.partition(_NAME)[0] for part in path.split(_LEVEL)]


def _tail(part: str) -> str:
    _, mark, name = part.partition(_NAME)
    return mark + name
