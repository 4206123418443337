"""Edits, undo, redo, revert and restarts in any order: memory equals disk, always."""

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Actor
from kupuri_desktop.core.errors import Conflict
from kupuri_desktop.core.items import Item, NoteItem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.store import Storage
from tests.durability import specimen

KEYS = st.sampled_from(["a", "b", "c", "d"])
RUNS = st.sampled_from([None, "run-1", "run-2"])
PLACES = st.integers(-3, 3).map(float)


class Edits(RuleBasedStateMachine):
    """Drives one canvas; a restart closes the storage in one of two ways and loads it again."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._root = Path(tempfile.mkdtemp(prefix="kupuri-edits-"))
        self._folder = DataFolder(self._root)
        self.storage: Storage
        self.canvas: Canvas

    def teardown(self) -> None:
        self._loop.run_until_complete(self.storage.aclose())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        shutil.rmtree(self._root)

    @initialize()
    def begin(self) -> None:
        self.storage = self._loop.run_until_complete(Storage.open(self._folder, secrets=Secrets()))
        project = Project(id="p")
        self._loop.run_until_complete(self.storage.canvases.create(project))
        self._load()

    @rule(keys=st.sets(KEYS, min_size=1), x=PLACES, run=RUNS)
    def put(self, keys: set[str], x: float, run: str | None) -> None:
        items: dict[str, Item | None] = {
            key: NoteItem(id=key, x=x, y=0, width=1, height=1, text=f"note {key}") for key in keys
        }
        actor = Actor.AGENT if run else Actor.USER
        self.canvas.apply("Put", items, actor=actor, run=run)

    @rule(key=KEYS, x=PLACES)
    def move(self, key: str, x: float) -> None:
        if key in self.canvas.items:
            self.canvas.apply("Move", {key: replace(self.canvas.items[key], x=x)})

    @rule(keys=st.sets(KEYS, min_size=1))
    def delete(self, keys: set[str]) -> None:
        self.canvas.delete(keys)

    @rule()
    def undo(self) -> None:
        self.canvas.undo()

    @rule()
    def redo(self) -> None:
        self.canvas.redo()

    @rule(run=st.sampled_from(["run-1", "run-2"]))
    def revert(self, run: str) -> None:
        if self.canvas.can_revert(run):
            try:
                self.canvas.revert(run)
            except Conflict:
                return

    @rule(clean=st.booleans())
    @precondition(lambda self: bool(self.canvas._done))
    def restart(self, clean: bool) -> None:
        self._loop.run_until_complete(self.storage.database.saved())
        before = self.canvas
        self._loop.run_until_complete(self.storage.aclose(abandon=not clean))
        self.storage = self._loop.run_until_complete(Storage.open(self._folder, secrets=Secrets()))
        self._load()
        assert dict(self.canvas.items) == dict(before.items)

    @invariant()
    def memory_equals_disk(self) -> None:
        self._loop.run_until_complete(self.storage.database.saved())
        state = self._loop.run_until_complete(self.storage.canvases.load("p"))
        assert {item.id: item for item in state.items} == dict(self.canvas.items)
        assert state.done == tuple(self.canvas._done)
        assert state.undone == tuple(self.canvas._undone)

    @invariant()
    def what_is_not_on_the_canvas_is_in_the_trash(self) -> None:
        thrown = self._loop.run_until_complete(self.storage.canvases.trashed_items("p"))
        assert not {item.id for item in thrown} & set(self.canvas.items)

    @invariant()
    def what_is_found_is_on_the_canvas(self) -> None:
        hits = self._loop.run_until_complete(self.storage.search.find("note"))
        assert {hit.item for hit in hits} == set(self.canvas.items)

    def _load(self) -> None:
        self.canvas = self._loop.run_until_complete(specimen.opened(self.storage, "p"))


def test_memory_equals_disk_after_any_edits_and_restarts():
    run_state_machine_as_test(
        Edits, settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
