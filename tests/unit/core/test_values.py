"""Values keep what they hold on their way to the disk and back."""

from typing import Any

import pytest

from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    PlanPart,
    PlanStep,
    Role,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolState,
    parts_from_json,
    parts_to_json,
)
from kupuri_desktop.core.errors import Action, Mend, ModelMissing, Problem, UsageError
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import (
    FrameItem,
    ImageItem,
    LineItem,
    Making,
    NoteItem,
    ShapeForm,
    ShapeItem,
    StrokeItem,
    TextItem,
    describe,
    item_from_json,
    item_to_json,
    items_from_json,
    kind_of,
)
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.settings import Group, Settings

BOX: dict[str, Any] = {"id": "i", "x": 1.5, "y": -2.0, "width": 30.0, "height": 40.0}
ITEMS = [
    ImageItem(
        **BOX,
        asset="a" * 64,
        natural_width=3,
        natural_height=4,
        crop=Rect(0, 0, 1, 1),
        making=Making("A lake", "builtin:painter", 7, 3, 4, parents=("p",)),
    ),
    TextItem(**BOX, text="Größe 漢字 🎨"),
    NoteItem(**BOX, text="Buy paint"),
    ShapeItem(**BOX, form=ShapeForm.ELLIPSE, fill="#ff0000"),
    LineItem(**BOX, end=(3.0, 4.0), start_item="s"),
    StrokeItem(**BOX, points=((0.0, 0.0, 0.5), (1.0, 2.0, 1.0))),
    FrameItem(**BOX, name="Poster"),
]


@pytest.mark.parametrize("item", ITEMS, ids=kind_of)
def test_an_item_comes_back_as_it_was(item):
    assert item_from_json(item_to_json(item)) == item


def test_many_items_come_back_in_order():
    assert items_from_json([item_to_json(item) for item in ITEMS]) == ITEMS


def test_what_is_no_item_is_refused():
    with pytest.raises(ValueError):
        item_from_json('{"kind": "spaceship"}')


def test_an_item_is_described_by_its_name_its_words_or_its_kind():
    assert [describe(item) for item in ITEMS] == [
        "A lake",
        "Größe 漢字 🎨",
        "Buy paint",
        "Ellipse",
        "Line",
        "Stroke",
        "Poster",
    ]


def test_the_parts_of_a_message_come_back_as_they_were():
    problem = ModelMissing("No such model.", kept="All.").problem
    parts = (
        ThinkingPart("Hm."),
        TextPart("Here"),
        ImagePart("f" * 64, item="i"),
        ToolCallPart("c", "generate_image", {"count": 2}, ToolState.FAILED, problem=problem),
        PlanPart((PlanStep("Sky", done=True),)),
        ErrorPart(problem),
    )
    assert parts_from_json(parts_to_json(parts)) == parts


def test_a_problem_comes_back_with_its_mending():
    problem = Problem("X", "Broken", action=Action(Mend.PULL_MODEL, "Pull it", "qwen3:8b"))
    assert Problem.from_json(problem.to_json()) == problem


def test_closing_a_message_answers_every_open_tool_call():
    done = ToolCallPart("1", "generate_image", {}, ToolState.DONE, "ok")
    open_call = ToolCallPart("2", "generate_image", {}, ToolState.RUNNING)
    asked = ToolCallPart("3", "delete_items", {}, ToolState.AWAITING_APPROVAL)
    message = Message(session="s", role=Role.ASSISTANT, parts=(done, open_call, asked))
    closed = message.closed(MessageState.STOPPED)
    assert closed.state is MessageState.STOPPED
    assert [call.state for call in closed.tool_calls] == [
        ToolState.DONE,
        ToolState.CANCELLED,
        ToolState.CANCELLED,
    ]
    assert all(call.result for call in closed.tool_calls)


def test_a_model_is_named_by_provider_and_id():
    ref = ModelRef.parse("ollama:qwen3:8b")
    assert (ref.provider, ref.model, str(ref)) == ("ollama", "qwen3:8b", "ollama:qwen3:8b")


@pytest.mark.parametrize("text", ["", "qwen3", ":x", "ollama:"])
def test_what_names_no_model_is_refused(text):
    with pytest.raises(UsageError):
        ModelRef.parse(text)


def test_every_setting_has_a_title_words_and_a_group():
    for field in Settings.model_fields.values():
        assert field.title and field.description
        extra = field.json_schema_extra
        assert isinstance(extra, dict)
        assert Group(extra["group"])


def test_a_bad_setting_is_refused_by_its_title():
    with pytest.raises(UsageError, match="Theme"):
        Settings().changed(theme="pink")


def test_settings_of_a_newer_kupuri_are_kept():
    assert Settings.model_validate({"warp": 9}).model_dump()["warp"] == 9
