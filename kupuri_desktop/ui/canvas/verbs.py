"""What can be done to the selection without the pointer: each verb is one named edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kupuri_desktop.core.arrange import (
    Axis,
    Depth,
    Edge,
    Layout,
    align,
    carried,
    copies,
    distribute,
    gathered,
    reorder,
    same_size,
    tidy,
)
from kupuri_desktop.core.groups import grouped, ungrouped
from kupuri_desktop.core.items import FrameItem, ImageItem, Item
from kupuri_desktop.core.transforms import moved
from kupuri_desktop.ui.canvas.commands import Needs, Verb
from kupuri_desktop.ui.canvas.hands.gestures import Board, count, with_held

COPY_STEP = 32.0
"""Canvas units that a duplicate lies right and below of its original."""


class Verbs:
    """Edits of what is selected on a board."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def delete(self) -> None:
        items = with_held(self._board.canvas, self._board.selection.movable())
        if items:
            self._board.canvas.apply(
                f"Delete {count(items)}",
                self._board.with_lines(dict.fromkeys(item.id for item in items)),
            )

    def duplicate(self) -> None:
        canvas = self._board.canvas
        originals = with_held(canvas, self._board.selection.items())
        made = copies(originals, COPY_STEP, COPY_STEP, canvas.top(), self._board.selection.group)
        if made:
            canvas.add(f"Duplicate {count(originals)}", made)
            self._board.selection.set(item.id for item in made)

    def nudge(self, dx: float, dy: float) -> None:
        items = with_held(self._board.canvas, self._board.selection.movable())
        self.put("Nudge", [moved(item, dx, dy) for item in items], join=True)

    def order(self, depth: Depth) -> None:
        canvas = self._board.canvas
        ids = [item.id for item in with_held(canvas, self._board.selection.movable())]
        self.put(depth.value, reorder(canvas.in_order(), ids, depth), words="")

    def align(self, edge: Edge) -> None:
        items, entered = self._board.selection.movable(), self._board.selection.group
        self.put(f"Align {edge.value}", align(items, edge, entered))

    def distribute(self, axis: Axis) -> None:
        entered = self._board.selection.group
        items = distribute(self._board.selection.movable(), axis, entered)
        self.put(f"Distribute {axis.value}", items)

    def tidy(self, layout: Layout) -> None:
        items, entered = self._board.selection.movable(), self._board.selection.group
        self.put(f"Tidy into {layout.value}", tidy(items, layout, entered=entered))

    def same_size(self, axis: Axis) -> None:
        side = "width" if axis is Axis.HORIZONTAL else "height"
        self.put(f"Same {side}", same_size(self._board.selection.movable(), axis))

    def flip(self, axis: Axis) -> None:
        flipped = []
        for item in self._board.selection.movable():
            if isinstance(item, ImageItem):
                across = axis is Axis.HORIZONTAL
                new = replace(item, flip_x=not item.flip_x) if across else item
                flipped.append(new if across else replace(item, flip_y=not item.flip_y))
        self.put(f"Flip {axis.value}", flipped)

    def grey(self) -> None:
        images = [i for i in self._board.selection.movable() if isinstance(i, ImageItem)]
        wanted = not all(image.grayscale for image in images)
        self.put(
            "Grayscale" if wanted else "Colour",
            [replace(image, grayscale=wanted) for image in images],
        )

    def opacity(self, value: float) -> None:
        items = self._board.selection.movable()
        self.put("Change opacity", [replace(item, opacity=value) for item in items])

    def group(self) -> None:
        items = self._board.selection.movable()
        if len(items) > 1:
            entered = self._board.selection.group
            everything = self._board.canvas.items.values()
            together = grouped(items, everything, entered)
            self.put("Group", gathered(together, everything))

    def ungroup(self) -> None:
        items = self._board.selection.movable()
        frames = {item.id for item in items if isinstance(item, FrameItem) and item.group is None}
        after: dict[str, Item | None] = dict.fromkeys(frames)
        for item in self._board.canvas.items.values():
            if item.frame in frames and item.id not in frames:
                after[item.id] = replace(item, frame=None)
        free = [key for key, item in after.items() if item is not None]
        for item in ungrouped(items, self._board.selection.group):
            after[item.id] = item
        self._board.canvas.apply(f"Ungroup {count(items)}", self._board.with_lines(after))
        self._board.selection.set([*self._board.selection.ids, *free])

    def lock(self) -> None:
        items = self._board.selection.items()
        wanted = not all(item.locked for item in items)
        self.put("Lock" if wanted else "Unlock", [replace(item, locked=wanted) for item in items])

    def hide(self) -> None:
        items = self._board.selection.items()
        self.put("Hide", [replace(item, hidden=True) for item in items])
        self._board.selection.clear()

    def show_all(self) -> None:
        items = [item for item in self._board.canvas.items.values() if item.hidden]
        self.put("Show", [replace(item, hidden=False) for item in items])

    def rename(self, name: str) -> None:
        items = self._board.selection.items()
        self.put("Rename", [replace(item, name=name) for item in items])

    # --- what changes no item

    def select_all(self) -> None:
        self._board.selection.set(item.id for item in self._free())

    def invert(self) -> None:
        held = set(self._board.selection.ids)
        self._board.selection.set(item.id for item in self._free() if item.id not in held)

    def _shown(self) -> list[Item]:
        return [item for item in self._board.canvas.in_order() if not item.hidden]

    def _free(self) -> list[Item]:
        return [item for item in self._shown() if not item.locked]

    def put(
        self, verb: str, items: Sequence[Item], words: str | None = None, *, join: bool = False
    ) -> None:
        """Makes one step `verb N items` of it; frames take along what they hold."""
        if not items:
            return
        label = f"{verb} {count(items)}" if words is None else verb
        whole = carried(items, self._board.canvas.items)
        after: dict[str, Item | None] = {item.id: item for item in whole}
        self._board.canvas.apply(label, self._board.with_lines(after), join=join)


def table(verbs: Verbs, others: Iterable[Verb]) -> list[Verb]:
    """All verbs of the canvas, those given from outside first."""
    two, three, one = Needs.TWO, Needs.THREE, Needs.ONE
    v = verbs
    return [
        *others,
        Verb("delete", "Delete", ("Del", "Backspace"), "trash-2", one, v.delete),
        Verb("duplicate", "Duplicate", ("Ctrl+D",), "copy-plus", one, v.duplicate),
        Verb(
            "select_all",
            "Select all",
            ("Ctrl+A",),
            "square-dashed-mouse-pointer",
            Needs.NOTHING,
            v.select_all,
        ),
        Verb("invert", "Invert selection", ("Ctrl+Alt+I",), "contrast", Needs.NOTHING, v.invert),
        Verb(
            "front",
            "Bring to front",
            ("Shift+]",),
            "bring-to-front",
            one,
            lambda: v.order(Depth.FRONT),
        ),
        Verb("forward", "Bring forward", ("]",), "arrow-up", one, lambda: v.order(Depth.FORWARD)),
        Verb(
            "backward", "Send backward", ("[",), "arrow-down", one, lambda: v.order(Depth.BACKWARD)
        ),
        Verb(
            "back",
            "Send to back",
            ("Shift+[",),
            "send-to-back",
            one,
            lambda: v.order(Depth.BACK),
        ),
        Verb("group", "Group", ("Ctrl+G",), "group", two, v.group),
        Verb("ungroup", "Ungroup", ("Ctrl+Shift+G",), "ungroup", one, v.ungroup),
        Verb("lock", "Lock or unlock", ("Ctrl+Alt+L",), "lock", one, v.lock),
        Verb("hide", "Hide", ("Alt+Shift+E",), "eye-off", one, v.hide),
        Verb("show_all", "Show everything", ("Alt+Shift+R",), "eye", Needs.NOTHING, v.show_all),
        Verb(
            "flip_x",
            "Flip horizontally",
            ("Shift+H",),
            "flip-horizontal-2",
            one,
            lambda: v.flip(Axis.HORIZONTAL),
        ),
        Verb(
            "flip_y",
            "Flip vertically",
            ("Shift+V",),
            "flip-vertical-2",
            one,
            lambda: v.flip(Axis.VERTICAL),
        ),
        Verb("grey", "Grayscale", (), "contrast", one, v.grey),
        Verb(
            "align_left",
            "Align left",
            ("Alt+A",),
            "align-start-vertical",
            two,
            lambda: v.align(Edge.LEFT),
        ),
        Verb(
            "align_centre",
            "Align centres",
            ("Alt+H",),
            "align-center-vertical",
            two,
            lambda: v.align(Edge.CENTRE),
        ),
        Verb(
            "align_right",
            "Align right",
            ("Alt+D",),
            "align-end-vertical",
            two,
            lambda: v.align(Edge.RIGHT),
        ),
        Verb(
            "align_top",
            "Align top",
            ("Alt+W",),
            "align-start-horizontal",
            two,
            lambda: v.align(Edge.TOP),
        ),
        Verb(
            "align_middle",
            "Align middles",
            ("Alt+V",),
            "align-center-horizontal",
            two,
            lambda: v.align(Edge.MIDDLE),
        ),
        Verb(
            "align_bottom",
            "Align bottom",
            ("Alt+S",),
            "align-end-horizontal",
            two,
            lambda: v.align(Edge.BOTTOM),
        ),
        Verb(
            "distribute_x",
            "Distribute horizontally",
            ("Alt+Shift+H",),
            "align-horizontal-distribute-center",
            three,
            lambda: v.distribute(Axis.HORIZONTAL),
        ),
        Verb(
            "distribute_y",
            "Distribute vertically",
            ("Alt+Shift+V",),
            "align-vertical-distribute-center",
            three,
            lambda: v.distribute(Axis.VERTICAL),
        ),
        Verb(
            "same_width", "Same width", (), "proportions", two, lambda: v.same_size(Axis.HORIZONTAL)
        ),
        Verb("same_height", "Same height", (), "scaling", two, lambda: v.same_size(Axis.VERTICAL)),
        Verb(
            "tidy_grid",
            "Tidy into a grid",
            ("Ctrl+Alt+T",),
            "layout-grid",
            two,
            lambda: v.tidy(Layout.GRID),
        ),
        Verb("tidy_row", "Tidy into a row", (), "columns-2", two, lambda: v.tidy(Layout.ROW)),
        Verb("tidy_column", "Tidy into a column", (), "list", two, lambda: v.tidy(Layout.COLUMN)),
        Verb("tidy_packed", "Pack by size", (), "layout-list", two, lambda: v.tidy(Layout.PACKED)),
    ]
