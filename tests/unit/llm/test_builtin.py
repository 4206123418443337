"""The built-in assistant as a chat model."""

import json

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from kupuri_desktop.agent.tools import build_tools
from kupuri_desktop.core.models import Place
from kupuri_desktop.llm.builtin import MODEL, BuiltinAssistant

RESULT = json.dumps({"images": [{"id": "i3f9a", "width": 1024, "height": 768, "seed": 7}]})


async def ask(*messages: AnyMessage, tools: bool = True) -> AIMessage:
    chat = await BuiltinAssistant().chat_model(MODEL)
    answer = await (chat.bind_tools(build_tools()) if tools else chat).ainvoke(list(messages))
    assert isinstance(answer, AIMessage)
    return answer


def made(result: str = RESULT, status: str = "success", **more: object) -> list[AnyMessage]:
    call = tool_call(name="generate_image", args={"prompt": "the sea"}, id="1")
    answer = ToolMessage(
        result, tool_call_id="1", name="generate_image", status=status, additional_kwargs=more
    )
    return [HumanMessage("draw the sea"), AIMessage("", tool_calls=[call]), answer]


async def test_it_says_plainly_what_it_is() -> None:
    status = await BuiltinAssistant().status()
    assert status.ok and status.place is Place.BUILTIN and "no AI" in status.name
    assert "not an AI" in (await ask(HumanMessage("what can you do?"))).text


async def test_a_wish_becomes_a_tool_call_with_words_before_it() -> None:
    answer = await ask(HumanMessage("draw two pictures of the sea"))
    assert "2 images" in answer.text
    (call,) = answer.tool_calls
    assert call["name"] == "generate_image" and call["args"] == {"prompt": "sea", "count": 2}


async def test_after_the_tools_answer_it_sums_up_and_stops() -> None:
    answer = await ask(*made())
    assert "1024 × 768" in answer.text and "seed 7" in answer.text
    assert not answer.tool_calls


async def test_a_failed_or_rejected_tool_is_told_of() -> None:
    failed = await ask(*made("The engine is away.", "error"))
    assert "did not work" in failed.text and "The engine is away." in failed.text
    rejected = await ask(*made("The user said no.", "error", rejected=True))
    assert "leave it" in rejected.text


async def test_it_remembers_the_last_image_of_the_chat() -> None:
    answer = await ask(*made(), AIMessage("Done."), HumanMessage("variations of the last image"))
    (call,) = answer.tool_calls
    assert call["args"] == {"prompt": "the sea", "count": 3, "variation_of": "i3f9a"}


async def test_an_image_that_failed_is_not_the_last_image() -> None:
    answer = await ask(*made("No.", "error"), AIMessage("Sorry."), HumanMessage("another"))
    assert not answer.tool_calls and "no image" in answer.text


async def test_without_tools_it_promises_nothing() -> None:
    answer = await ask(HumanMessage("draw the sea"), tools=False)
    assert not answer.tool_calls and "only make images" in answer.text


async def test_the_same_wish_gets_the_same_answer() -> None:
    first, second = [await ask(HumanMessage("zeichne das Meer")) for _ in range(2)]
    assert first.text == second.text
    assert first.tool_calls[0]["args"] == second.tool_calls[0]["args"]
