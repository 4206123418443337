"""Proves what the cards say and what their buttons ask for."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from kupuri_desktop.core.chat import (
    Decision,
    ErrorPart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    TextPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.errors import Action, Mend, Problem
from kupuri_desktop.ui.chat.approval import ApprovalRow
from kupuri_desktop.ui.chat.cards import PlanRow
from kupuri_desktop.ui.chat.controls import CopyButton
from kupuri_desktop.ui.chat.pictures import Gallery, Picture
from kupuri_desktop.ui.chat.problem import ProblemBox
from kupuri_desktop.ui.chat.tool_card import ToolRow
from kupuri_desktop.ui.widgets.buttons import PillButton
from tests.ui.chat.conftest import OpenDock, one
from tests.ui.chat.scripted import DrawnPictures, ScriptedConversation

Make = Callable[..., Message]

PROBLEM = Problem(
    "StreamBroken",
    "Ollama stopped in the middle.",
    "A smaller model needs less.",
    "The text so far is kept.",
    Action(Mend.CHOOSE_MODEL, "Choose another model", "qwen3:8b"),
    "no done line",
)


async def test_a_question_shows_the_exact_arguments_and_chooses_nothing(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart(
        "c1",
        "delete_items",
        {"ids": ["i1", "i2\u202e"]},
        ToolState.AWAITING_APPROVAL,
        items=tuple(f"item{number}" for number in range(11)),
    )
    conversation.say(answer(call, state=MessageState.STREAMING))
    await dock.settle()
    row = one(dock.transcript, ApprovalRow)
    assert one(row, QPlainTextEdit).toPlainText() == 'ids: ["i1", "i2\\u202e"]'
    assert one(row, QLabel, "approval_tool").text() == "delete_items"
    assert len(row.findChildren(Picture)) == 8
    assert one(row, QLabel, "approval_more").text() == "and 3 more"
    offered = [button.text() for button in row.buttons.values() if not button.isHidden()]
    assert offered == ["Once", "This session", "Reject"], "no lasting yes to what deletes"
    assert not any(button.hasFocus() for button in row.buttons.values())


async def test_a_lasting_yes_is_offered_for_what_only_looks(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart("c1", "describe_canvas", {}, ToolState.AWAITING_APPROVAL)
    conversation.say(answer(call, state=MessageState.STREAMING))
    await dock.settle()
    row = one(dock.transcript, ApprovalRow)
    assert not row.buttons[Decision.ALWAYS].isHidden()
    assert one(row, Gallery).isHidden()
    assert one(row, QLabel, "approval_more").isHidden()


@pytest.mark.parametrize("decision", list(Decision))
async def test_each_answer_is_given_once(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make, decision: Decision
) -> None:
    call = ToolCallPart("c1", "delete_items", {}, ToolState.AWAITING_APPROVAL)
    conversation.say(answer(call, state=MessageState.STREAMING))
    await dock.settle()
    button = one(dock.transcript, ApprovalRow).buttons[decision]
    button.click()
    button.click()
    assert conversation.asked == [("answer", "c1", decision.value)]


async def test_an_answered_question_becomes_the_card_of_the_tool(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart("c1", "delete_items", {"ids": ["i1"]}, ToolState.AWAITING_APPROVAL)
    message = conversation.say(answer(call, state=MessageState.STREAMING))
    await dock.settle()
    done = replace(call, state=ToolState.REJECTED, result="rejected")
    conversation.put(replace(message, parts=(done,), state=MessageState.COMPLETE))
    await dock.settle()
    views = dock.transcript.live_views()
    assert [type(view) for view in views] == [ToolRow]
    assert views[0].accessibleName() == "Deleting items: 1 ids, Rejected"


async def test_an_error_says_what_and_what_was_kept_and_offers_to_mend(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    asked: list[tuple[Action, str]] = []
    dock.mend_requested.connect(lambda action, message: asked.append((action, message)))
    parts = (TextPart("A castle"), ErrorPart(PROBLEM))
    message = conversation.say(answer(*parts, state=MessageState.FAILED))
    await dock.settle()
    box = one(dock.transcript, ProblemBox)
    words = [label.text() for label in box.findChildren(QLabel)]
    assert words == [PROBLEM.message, PROBLEM.hint, PROBLEM.kept]
    one(box, PillButton, "mend").click()
    assert asked == [(PROBLEM.action, message.id)]
    one(box, CopyButton).click()
    assert QGuiApplication.clipboard().text() == (
        "StreamBroken: Ollama stopped in the middle.\nA smaller model needs less.\n"
        "The text so far is kept.\nno done line"
    )


async def test_the_error_of_a_tool_stands_in_its_card(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    call = ToolCallPart("c1", "generate_image", {}, ToolState.FAILED, problem=PROBLEM)
    conversation.say(answer(call))
    await dock.settle()
    row = one(dock.transcript, ToolRow)
    assert one(row, ProblemBox).problem == PROBLEM
    assert one(row, QLabel, "tool_state").text() == "Failed"


async def test_a_click_on_a_made_image_names_its_item(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make, pictures: DrawnPictures
) -> None:
    told: list[str] = []
    dock.item_activated.connect(told.append)
    items = ("item-1", "item-2", "gone-3")
    call = ToolCallPart("c1", "generate_image", {}, ToolState.DONE, items=items)
    conversation.say(answer(call))
    await dock.settle()
    images = dock.transcript.findChildren(Picture)
    images[1].click()
    assert told == ["item-2"]
    assert {asset for asset, _ in pictures.asked} == {"asset-1", "asset-2"}
    assert [image.aspect is None for image in images] == [False, False, True]
    assert images[0].accessibleName() == "Show on the canvas (1 of 3)"


async def test_a_plan_counts_its_steps_and_follows_changes(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    steps = (PlanStep("Look", True), PlanStep("Make"), PlanStep("Tidy"))
    message = conversation.say(answer(PlanPart(steps), state=MessageState.STREAMING))
    await dock.settle()
    row = one(dock.transcript, PlanRow)
    assert row.accessibleName() == "Plan, 1 of 3 done"
    steps = (steps[0], PlanStep("Make", True), steps[2])
    conversation.put(replace(message, parts=(PlanPart(steps),)))
    await dock.settle()
    assert row.accessibleName() == "Plan, 2 of 3 done"
    named = [label.accessibleName() for label in row._card.findChildren(QLabel, "plan_step")]  # type: ignore[union-attr]
    assert named == ["Look, done", "Make, done", "Tidy, open"]


async def test_a_failed_message_can_be_tried_again(
    dock: OpenDock, conversation: ScriptedConversation, answer: Make
) -> None:
    message = conversation.say(answer(TextPart("half"), state=MessageState.STOPPED))
    await dock.settle()
    one(dock.transcript, PillButton, "try_again").click()
    await dock.settle()
    assert conversation.asked == [("retry", message.id)]
