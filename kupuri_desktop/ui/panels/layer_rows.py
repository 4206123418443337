"""Which rows of the layers are selected: groups with their members, and runs of neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kupuri_desktop.ui.panels.layer_tree import Node


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours: Qt is slow with ten thousand single rows."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def rows_for(nodes: Mapping[str, Node], selected: Iterable[str]) -> list[Node]:
    """The rows for items: a group's own row where every member is selected, else the members'."""
    chosen = [nodes[key] for key in selected if key in nodes]
    found: Counter[Node] = Counter()
    for node in chosen:
        above = node.parent
        while above is not None and above.is_group:
            found[above] += 1
            above = above.parent
    whole = {group for group, count in found.items() if count == sum(1 for _ in group.items())}
    rows: dict[Node, None] = {}
    for node in chosen:
        row, above = node, node.parent
        while above is not None and above.is_group:
            row = above if above in whole else row
            above = above.parent
        rows[row] = None
    return list(rows)


def meant(rows: Sequence[Node]) -> list[Node]:
    """The rows that a selection in the tree means: a group stands for its members.

    A group of which some rows were let go of is not meant any more, but those that are left are.
    """
    picked = set(rows)
    kept = {row for row in rows if not row.is_group or not _partly(row, picked)}
    return [row for row in rows if row in kept and not _held_by(row, kept)]


def _partly(group: Node, picked: set[Node]) -> bool:
    members = [child in picked for child in _below(group)]
    return any(members) and not all(members)


def _below(group: Node) -> Iterable[Node]:
    for child in group.children:
        if child.is_group:
            yield from _below(child)
        else:
            yield child


def _held_by(row: Node, kept: set[Node]) -> bool:
    above = row.parent
    while above is not None and above.is_group:
        if above in kept:
            return True
        above = above.parent
    return False
