"""What lies over what, as a tree: frames and groups hold items, the front one comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kupuri_desktop.core.groups import taken
from kupuri_desktop.core.items import FrameItem, Item

_LEAST_GAP = 1e-6


@dataclass(slots=True, eq=False)
class Node:
    """An item, a group (`item` is None) or the root, which is neither and has no parent.

    group: a group's own path; of an item, that of the group whose node it hangs on.
    """

    key: str
    parent: Node | None = None
    item: str | None = None
    row: int = 0
    group: str | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.item is None and self.parent is not None

    def items(self) -> Iterator[str]:
        """The ids of the item and of all that it holds, the front one first."""
        if self.item is not None:
            yield self.item
        for child in self.children:
            yield from child.items()


def tree_of(in_order: Sequence[Item]) -> tuple[Node, dict[str, Node]]:
    """The root, and each item's and group's node by key. in_order: from the back to the front."""
    root = Node("")
    frames = {i.id: Node(i.id, item=i.id) for i in in_order if isinstance(i, FrameItem)}
    nodes: dict[str, Node] = dict(frames)
    for item in reversed(in_order):
        if item.group is None and item.frame is None:
            # Nearly all of a large canvas, and 50,000 calls saved.
            node = frames.get(item.id) or Node(item.id, item=item.id)
            nodes[item.id] = node
            node.parent, node.row = root, len(root.children)
            root.children.append(node)
            continue
        home = root
        if item.frame in frames and item.id not in frames:
            home = frames[item.frame]
        frame, level = home.key, taken(item.group, None)
        while level is not None:
            key = f"group:{level}:{frame}"
            group = nodes.get(key)
            if group is None:
                group = nodes[key] = Node(key, group=level)
                _adopt(home, group)
            home = group
            level = taken(item.group, level)
        node = nodes.setdefault(item.id, Node(item.id, item=item.id))
        node.group = item.group
        _adopt(home, node)
    return root, nodes


def _adopt(parent: Node, child: Node) -> None:
    child.parent, child.row = parent, len(parent.children)
    parent.children.append(child)


def placed(
    in_order: Sequence[Item], moving: Iterable[str], anchor: str | None, *, in_front: bool
) -> list[Item]:
    """The items whose z must change for `moving` to lie next to `anchor`, in their own order.

    anchor: None for the very back. Where there is no room between two, all are numbered anew.
    """
    chosen = set(moving)
    mine = [item for item in in_order if item.id in chosen]
    rest = [item for item in in_order if item.id not in chosen]
    at = 0
    if anchor is not None:
        found = next(n for n, item in enumerate(rest) if item.id == anchor)
        at = found + 1 if in_front else found
    low = rest[at - 1].z if at > 0 else None
    high = rest[at].z if at < len(rest) else None
    if low is not None and high is not None and high - low < _LEAST_GAP * (len(mine) + 1):
        every = [*rest[:at], *mine, *rest[at:]]
        numbered = [replace(item, z=float(n)) for n, item in enumerate(every)]
        return [new for old, new in zip(every, numbered, strict=True) if old.z != new.z]
    if low is None:
        low = (high if high is not None else 0.0) - len(mine) - 1
    if high is None:
        high = low + len(mine) + 1
    step = (high - low) / (len(mine) + 1)
    return [replace(item, z=low + step * (n + 1)) for n, item in enumerate(mine)]


def matching(items: Mapping[str, str], words: str) -> set[str]:
    """The keys of the names that hold all the words."""
    wanted = words.casefold().split()
    return {key for key, name in items.items() if all(w in name.casefold() for w in wanted)}
