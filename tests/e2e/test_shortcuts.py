"""Every action of the whole window can be told by its keys."""

from collections import defaultdict

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton

from tests.e2e.desk import desk, until


async def test_no_two_actions_of_an_open_project_share_a_key(tmp_path):
    async with desk(tmp_path) as studio:
        studio.find(QAbstractButton, "new_project").click()
        await until(lambda: studio.face._project is not None)
        actions = studio.face.actions
        held = defaultdict(set)
        for spec in actions.specs():
            for keys in actions[spec.id].shortcuts():
                held[keys.toString(QKeySequence.SequenceFormat.PortableText)].add(spec.id)
    assert len(held) > 60
    assert {keys: ids for keys, ids in held.items() if len(ids) > 1} == {}
