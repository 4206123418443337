"""The canvas in memory: edits, undo, redo, taking back a run."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kupuri_desktop.core.canvas import JOINED_WITHIN, Canvas, CanvasState
from kupuri_desktop.core.edits import Actor, Cause, Change
from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.core.items import NoteItem


def note(key: str, x: float = 0.0) -> NoteItem:
    return NoteItem(id=key, x=x, y=0, width=10, height=10)


def canvas() -> tuple[Canvas, list[Change]]:
    recorded: list[Change] = []
    return Canvas(CanvasState(), recorded.append), recorded


def test_undo_and_redo_put_items_back_and_name_the_step():
    board, _ = canvas()
    board.add("Add note", [note("a")])
    board.apply("Move note", {"a": note("a", 5)})
    assert board.undo_label == "Move note"
    board.undo()
    assert board.items["a"].x == 0
    assert (board.undo_label, board.redo_label) == ("Add note", "Move note")
    board.redo()
    assert board.items["a"].x == 5


def test_an_edit_that_changes_nothing_is_no_step():
    board, recorded = canvas()
    board.add("Add note", [note("a")])
    assert board.apply("Move note", {"a": note("a")}) is None
    assert board.delete(["unknown"]) is None
    assert len(recorded) == 1


def test_each_change_is_recorded_before_others_hear_of_it():
    order: list[str] = []
    board = Canvas(CanvasState(), lambda change: order.append("recorded"))
    board.changed.connect(lambda change: order.append("heard"))
    board.add("Add note", [note("a")])
    assert order == ["recorded", "heard"]


def test_undo_is_recorded_as_the_inverse_of_its_step():
    board, recorded = canvas()
    board.add("Add note", [note("a")])
    board.undo()
    assert [change.cause for change in recorded] == [Cause.APPLY, Cause.UNDO]
    assert recorded[1].edit == recorded[0].edit.inverse
    assert recorded[1].step == recorded[0].step


def test_a_run_of_the_same_to_the_same_is_one_step():
    board, recorded = canvas()
    board.add("Add notes", [note("a"), note("b")])
    for x in (1, 2, 3):
        board.apply("Nudge note", {"a": note("a", x)}, join=True)
    assert [change.cause for change in recorded[1:]] == [Cause.APPLY, Cause.GROW, Cause.GROW]
    assert len({change.step.id for change in recorded[1:]}) == 1
    board.apply("Nudge note", {"b": note("b", 9)}, join=True)
    board.undo()
    assert (board.items["a"].x, board.items["b"].x) == (3, 0)
    board.undo()
    assert board.items["a"].x == 0
    board.redo()
    assert board.items["a"].x == 3


def test_a_step_grows_neither_after_a_pause_nor_after_undo():
    board, recorded = canvas()
    board.add("Add note", [note("a")])
    board.apply("Nudge note", {"a": note("a", 1)})
    old = replace(recorded[-1].step, created=recorded[-1].step.created - 2 * JOINED_WITHIN)
    later = Canvas(CanvasState((note("a", 1),), (old,)), recorded.append)
    later.apply("Nudge note", {"a": note("a", 2)}, join=True)
    assert recorded[-1].cause is Cause.APPLY
    later.apply("Nudge note", {"a": note("a", 3)}, join=True)
    later.apply("Move note", {"a": note("a", 4)})
    later.undo()
    later.apply("Nudge note", {"a": note("a", 5)}, join=True)
    assert recorded[-1].cause is Cause.APPLY


def test_a_run_is_taken_back_as_one_new_step():
    board, _ = canvas()
    board.add("Add note", [note("mine")])
    board.add("Generate", [note("a")], actor=Actor.AGENT, run="r")
    board.add("Generate", [note("b")], actor=Actor.AGENT, run="r")
    board.apply("Move", {"mine": note("mine", 9)})
    assert board.can_revert("r")
    board.revert("r")
    assert set(board.items) == {"mine"}
    assert board.items["mine"].x == 9
    board.undo()
    assert set(board.items) == {"mine", "a", "b"}


def test_a_run_whose_items_were_changed_since_is_not_taken_back():
    board, recorded = canvas()
    board.add("Generate", [note("a")], actor=Actor.AGENT, run="r")
    board.apply("Move", {"a": note("a", 9)})
    with pytest.raises(Conflict):
        board.revert("r")
    assert len(recorded) == 2
    assert board.items["a"].x == 9


KEYS = st.sampled_from("abcd")


class Edits(RuleBasedStateMachine):
    """Any series of edits, undos and redos, against whole copies of each state."""

    def __init__(self) -> None:
        super().__init__()
        self.disk: dict[str, object] = {}
        self.board = Canvas(CanvasState(), self.write)
        self.past: list[dict[str, object]] = [{}]
        self.future: list[dict[str, object]] = []

    def write(self, change: Change) -> None:
        for key, item in change.edit.after.items():
            if item is None:
                del self.disk[key]
            else:
                self.disk[key] = item

    @rule(after=st.dictionaries(KEYS, st.one_of(st.none(), st.integers(0, 3)), min_size=1))
    def edit(self, after):
        items = {key: None if x is None else note(key, x) for key, x in after.items()}
        if self.board.apply("Edit", items):
            self.past.append(dict(self.board.items))
            self.future.clear()

    @rule()
    def undo(self):
        if self.board.undo():
            self.future.append(self.past.pop())

    @rule()
    def redo(self):
        if self.board.redo():
            self.past.append(self.future.pop())

    @invariant()
    def memory_is_what_it_was_and_what_was_written(self):
        assert dict(self.board.items) == self.past[-1] == self.disk


TestEdits = Edits.TestCase
