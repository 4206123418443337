"""Proves that every state of the dock can be shown in both themes, with nothing cut off."""

import pytest
from PySide6.QtWidgets import QLabel

from kupuri_desktop.ui.theme import ThemeChoice
from tests.ui.chat.conftest import OpenDock
from tests.ui.chat.scenes import SCENES, show


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scene", SCENES)
async def test_a_state_is_shown_with_room_for_all_its_words(
    dock: OpenDock, scene: str, theme: ThemeChoice
) -> None:
    dock._look.choose(theme)
    show(dock, scene)
    await dock.settle()
    await dock.settle()
    assert not dock.grab().isNull()
    for view in dock.transcript.live_views():
        assert view.height() >= view.height_for(view.width())
        for words in view.findChildren(QLabel):
            if words.isVisible() and words.hasHeightForWidth():
                assert words.height() >= words.heightForWidth(words.width())
    dock._look.choose("dark")
    dock.show_conversation(None)
    await dock.settle()
