"""Ollama as a provider, against a server on a socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call

from kupuri_desktop.core.errors import (
    ContextTooLong,
    KupuriError,
    Mend,
    ModelCrashed,
    ModelLacksAbility,
    ModelMissing,
    NotAuthorised,
    ServerAnsweredBadly,
    ServerBusy,
    ServerUnreachable,
    StreamBroken,
)
from kupuri_desktop.core.models import Capability
from kupuri_desktop.llm.failures import LacksThinking, LacksTools
from kupuri_desktop.llm.ollama import Ollama
from tests.fakes.ollama import (
    OUT_OF_MEMORY,
    RUNNER_STOPPED,
    SERVER_BUSY,
    SIGN_IN,
    Call,
    Done,
    ErrorLine,
    FakeOllama,
    Line,
    Model,
    Pull,
    PullStep,
    Step,
    Text,
    Thinking,
    whole_pull,
    words,
)
from tests.fakes.wire import End, Gate, Raw, Refusal, Reset, Wait

THINKER = Model("deepseek-r1:8b", ("completion", "thinking"), context=8192)
SEER = Model("gemma3:4b", ("completion", "vision"))
EMBEDDER = Model("nomic-embed-text:latest", ("embedding",))
MODELS = [Model("qwen3:8b"), THINKER, SEER, EMBEDDER]


@pytest.fixture
async def server() -> AsyncIterator[FakeOllama]:
    async with FakeOllama(models=list(MODELS)) as server:
        yield server


@pytest.fixture
async def ollama(server: FakeOllama) -> AsyncIterator[Ollama]:
    ollama = Ollama(server.url)
    yield ollama
    await ollama.aclose()


async def test_the_status_tells_version_and_models(ollama: Ollama) -> None:
    status = await ollama.status()
    assert status.ok and status.version == "0.33.0"
    assert [model.ref.model for model in status.models] == [
        "qwen3:8b",
        "deepseek-r1:8b",
        "gemma3:4b",
    ]


async def test_a_server_that_is_away_is_a_status_with_a_mending_button(server: FakeOllama) -> None:
    await server.stop()
    ollama = Ollama(server.url)
    status = await ollama.status()
    assert not status.ok and status.problem is not None
    assert status.problem.kind == ServerUnreachable.__name__
    assert status.problem.action is not None
    assert status.problem.action.mend is Mend.START_SERVER
    await ollama.aclose()


@pytest.mark.parametrize("tags_tell", [True, False])
async def test_abilities_are_known_with_old_servers_and_new(
    server: FakeOllama, ollama: Ollama, tags_tell: bool
) -> None:
    server.tags_tell = tags_tell
    known = {model.ref.model: model for model in await ollama.models()}
    assert known["qwen3:8b"].capabilities == {Capability.TOOLS}
    assert known["deepseek-r1:8b"].capabilities == {Capability.THINKING}
    assert known["gemma3:4b"].capabilities == {Capability.VISION}
    assert known["deepseek-r1:8b"].context == 8192
    assert "nomic-embed-text:latest" not in known


async def test_a_model_is_described_by_the_server_once(server: FakeOllama, ollama: Ollama) -> None:
    await ollama.models()
    await ollama.models()
    assert len(server.sent_to("/api/show")) == len(MODELS)


async def test_a_server_before_the_capabilities_shows_tools_in_its_template(
    server: FakeOllama, ollama: Ollama
) -> None:
    server.tags_tell = False
    server.refuse["/api/show"] = Refusal(
        200, {"template": "{{ if .Tools }}", "model_info": {"llama.context_length": 4096}}
    )
    assert {model.context for model in await ollama.models()} == {4096}
    assert all(Capability.TOOLS in model.capabilities for model in await ollama.models())


async def test_the_context_length_is_always_set_and_bounded(server: FakeOllama) -> None:
    ollama = Ollama(server.url, context_limit=12_000)
    for model in ("qwen3:8b", "deepseek-r1:8b"):
        await (await ollama.chat_model(model)).ainvoke("hello")
    assert [chat["options"]["num_ctx"] for chat in server.chats] == [12_000, 8192]
    await ollama.aclose()


async def test_a_chat_model_is_built_once_and_kept(ollama: Ollama) -> None:
    first = await ollama.chat_model("qwen3:8b")
    assert await ollama.chat_model("qwen3:8b") is first


async def test_a_name_without_a_tag_means_latest(server: FakeOllama, ollama: Ollama) -> None:
    server.models.append(Model("mistral:latest"))
    await (await ollama.chat_model("mistral")).ainvoke("hello")
    assert server.chats[-1]["model"] == "mistral:latest"


async def test_the_answer_comes_piece_by_piece(server: FakeOllama, ollama: Ollama) -> None:
    gate = Gate()
    server.script([Text("One "), Wait(gate), Text("two.")])
    heard = []
    async for chunk in (await ollama.chat_model("qwen3:8b")).astream("count"):
        heard.append(chunk.content)
        if not gate.opened.is_set():
            await gate.reached.wait()
            gate.open()
    assert "".join(heard) == "One two."
    assert heard[0] == "One "


async def test_thinking_is_asked_for_only_where_it_can_be_and_comes_apart(
    server: FakeOllama, ollama: Ollama
) -> None:
    server.script([Thinking("Hmm."), Text("Blue.")], [Text("Blue.")])
    chat = await ollama.chat_model("deepseek-r1:8b")
    answer = await chat.ainvoke("which colour?")
    assert answer.content == "Blue."
    assert answer.additional_kwargs["reasoning_content"] == "Hmm."
    await (await ollama.chat_model("qwen3:8b")).ainvoke("which colour?")
    assert [chat.get("think") for chat in server.chats] == [True, None]


async def test_thinking_can_be_switched_off(server: FakeOllama) -> None:
    ollama = Ollama(server.url, think=False)
    server.script([Thinking("Hmm."), Text("Blue.")])
    answer = await (await ollama.chat_model("deepseek-r1:8b")).ainvoke("which colour?")
    assert server.chats[0]["think"] is False
    assert "reasoning_content" not in answer.additional_kwargs
    await ollama.aclose()


@pytest.mark.parametrize("in_done", [True, False])
async def test_tool_calls_arrive_in_any_line(
    server: FakeOllama, ollama: Ollama, in_done: bool
) -> None:
    server.script([Call("a", {"n": 1}, in_done), Call("b", {"m": "x"}, in_done)])
    answer = await (await ollama.chat_model("qwen3:8b")).ainvoke("go")
    assert [(call["name"], call["args"]) for call in answer.tool_calls] == [
        ("a", {"n": 1}),
        ("b", {"m": "x"}),
    ]
    assert len({call["id"] for call in answer.tool_calls}) == 2


async def test_a_tools_answer_goes_back_with_the_tools_name(
    server: FakeOllama, ollama: Ollama
) -> None:
    await (await ollama.chat_model("qwen3:8b")).ainvoke(
        [
            HumanMessage("go"),
            AIMessage("", tool_calls=[tool_call(name="a", args={}, id="1")]),
            ToolMessage("done", tool_call_id="1"),
        ]
    )
    assert server.chats[0]["messages"][-1]["tool_name"] == "a"


async def test_a_picture_goes_as_plain_base64(server: FakeOllama, ollama: Ollama) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    message = HumanMessage([{"type": "text", "text": "what is it?"}, picture])
    await (await ollama.chat_model("gemma3:4b")).ainvoke([message])
    assert server.chats[0]["messages"][0]["images"] == ["iVBORw0KGgo="]


async def test_a_key_for_the_maker_of_ollama_does_not_go_to_another_address(
    server: FakeOllama, ollama: Ollama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "canary")
    await (await ollama.chat_model("qwen3:8b")).ainvoke("hello")
    assert not [request for request in server.requests if "authorization" in request.headers]


async def test_loopback_is_reached_past_a_proxy(
    server: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    ollama = Ollama(server.url)
    assert (await (await ollama.chat_model("qwen3:8b")).ainvoke("hello")).content
    await ollama.aclose()


BROKEN: list[tuple[list[Step], type[KupuriError], str]] = [
    ([Text("a"), ErrorLine("boom")], StreamBroken, "reported an error"),
    ([Text("a"), Raw(b"{nonsense\n")], ServerAnsweredBadly, "cannot be read"),
    ([Text("a"), Line({"message": 5})], ServerAnsweredBadly, "cannot be read"),
    ([Text("a"), End()], StreamBroken, "before the answer was complete"),
    ([Text("a"), Reset()], StreamBroken, "connection to Ollama was lost"),
    ([Text("a"), ErrorLine(RUNNER_STOPPED)], ModelCrashed, "process for"),
    ([Text("a"), ErrorLine("llama-server process has terminated: x")], ModelCrashed, "process"),
]


@pytest.mark.parametrize(("script", "kind", "words"), BROKEN)
async def test_each_way_to_break_off_has_its_own_words_and_keeps_the_text(
    server: FakeOllama, ollama: Ollama, script: list[Step], kind: type[KupuriError], words: str
) -> None:
    server.script(script)
    heard = ""
    with pytest.raises(kind, match=words):
        async for chunk in (await ollama.chat_model("qwen3:8b")).astream("go"):
            heard += chunk.content
    assert heard == "a"


async def test_a_stream_cut_at_any_byte_is_never_taken_for_complete(
    server: FakeOllama, ollama: Ollama
) -> None:
    chat = await ollama.chat_model("qwen3:8b")
    line = b'{"model":"m","message":{"role":"assistant","content":"\\u00e9"},"done":false}\n'
    done = b'{"model":"m","message":{"role":"assistant","content":""},"done":true}'
    whole = line + line + done
    for cut in range(len(whole)):
        server.script([Raw(whole[:cut]), End()] if cut else [End()])
        with pytest.raises(KupuriError):
            await chat.ainvoke("go")
    server.script([Raw(whole), End()])
    assert (await chat.ainvoke("go")).content == "éé"


REFUSED: list[tuple[Refusal, type[KupuriError], str]] = [
    (SERVER_BUSY, ServerBusy, "too many requests"),
    (SIGN_IN, NotAuthorised, "sign in"),
    (OUT_OF_MEMORY, ModelCrashed, "does not fit"),
    (Refusal(403), NotAuthorised, "refuses"),
    (Refusal(400, {"error": "x does not support tools"}), LacksTools, "cannot use tools"),
    (Refusal(400, {"error": "x does not support thinking"}), LacksThinking, "think"),
    (
        Refusal(400, {"error": "prompt is longer than the context length"}),
        ContextTooLong,
        "longer than",
    ),
    (
        Refusal(400, {"error": "image generation models are not currently supported"}),
        ModelLacksAbility,
        "makes images",
    ),
    (
        Refusal(404, {"error": "model 'x' not found, try pulling it first"}),
        ModelMissing,
        "no model",
    ),
    (Refusal(500, "<html>oops</html>"), ServerAnsweredBadly, "HTTP 500"),
]


@pytest.mark.parametrize(("refusal", "kind", "words"), REFUSED)
async def test_each_refusal_has_its_own_words(
    server: FakeOllama, ollama: Ollama, refusal: Refusal, kind: type[KupuriError], words: str
) -> None:
    server.script(refusal)
    with pytest.raises(kind, match=words):
        await (await ollama.chat_model("qwen3:8b")).ainvoke("go")


async def test_signing_in_is_one_click_away(server: FakeOllama, ollama: Ollama) -> None:
    server.script(SIGN_IN)
    with pytest.raises(NotAuthorised) as caught:
        await (await ollama.chat_model("qwen3:8b")).ainvoke("go")
    assert caught.value.action is not None
    assert caught.value.action.mend is Mend.OPEN_LINK
    assert caught.value.action.argument.startswith("https://ollama.com/")


async def test_a_missing_model_offers_to_download_it(ollama: Ollama) -> None:
    with pytest.raises(ModelMissing) as caught:
        await ollama.chat_model("llama9:1b")
    assert caught.value.action is not None
    assert caught.value.action.mend is Mend.PULL_MODEL
    assert caught.value.action.argument == "llama9:1b"


async def test_a_connection_that_the_server_dropped_is_opened_again(
    server: FakeOllama, ollama: Ollama
) -> None:
    chat = await ollama.chat_model("qwen3:8b")
    server.script([Reset()], [Text("here")])
    assert (await chat.ainvoke("go")).content == "here"


async def test_a_silent_stream_is_given_up_after_the_idle_limit(server: FakeOllama) -> None:
    ollama = Ollama(server.url, idle_limit=0.05)
    gate = Gate()
    server.script([Text("a"), Wait(gate)])
    with pytest.raises(StreamBroken, match="Nothing came"):
        await (await ollama.chat_model("qwen3:8b")).ainvoke("go")
    await server.sent_to("/api/chat")[0].disconnected.wait()
    await ollama.aclose()


async def test_cancelling_closes_the_stream_at_the_server(
    server: FakeOllama, ollama: Ollama
) -> None:
    gate = Gate()
    server.script([Text("a"), Wait(gate)])
    chat = await ollama.chat_model("qwen3:8b")
    task = asyncio.create_task(chat.ainvoke("go"))
    request = await server.arrived("/api/chat")
    await gate.reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await request.disconnected.wait()


async def test_the_length_limit_and_the_counts_are_told(server: FakeOllama, ollama: Ollama) -> None:
    server.script([*words("so far"), Done("length", prompt_tokens=11, tokens=2)])
    answer = await (await ollama.chat_model("qwen3:8b")).ainvoke("go")
    assert answer.response_metadata["done_reason"] == "length"
    assert answer.usage_metadata == {"input_tokens": 11, "output_tokens": 2, "total_tokens": 13}


async def test_a_download_ends_with_success_only_and_its_fraction_never_falls(
    server: FakeOllama, ollama: Ollama
) -> None:
    server.pulls["llama9:1b"] = whole_pull(Model("llama9:1b"))
    steps = [step async for step in ollama.pull("llama9:1b")]
    fractions = [step.fraction for step in steps if step.fraction is not None]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert [step.done for step in steps] == [False] * (len(steps) - 1) + [True]
    assert (await ollama.info("llama9:1b")).ref.model == "llama9:1b"


async def test_a_download_that_breaks_off_is_no_success(server: FakeOllama, ollama: Ollama) -> None:
    server.pulls["llama9:1b"] = Pull([PullStep("pulling manifest"), PullStep("pulling x")])
    with pytest.raises(StreamBroken, match="stopped before") as caught:
        async for _ in ollama.pull("llama9:1b"):
            pass
    assert caught.value.kept


async def test_an_unknown_name_cannot_be_downloaded(ollama: Ollama) -> None:
    with pytest.raises(ModelMissing, match="library"):
        async for _ in ollama.pull("no-such-model"):
            pass


async def test_leaving_a_download_stops_it_at_the_server(
    server: FakeOllama, ollama: Ollama
) -> None:
    gate = Gate()
    server.pulls["llama9:1b"] = Pull([PullStep("pulling manifest"), Wait(gate)])
    async with aclosing(ollama.pull("llama9:1b")) as steps:
        await anext(steps)
        await gate.reached.wait()
    await server.sent_to("/api/pull")[0].disconnected.wait()


async def test_a_model_can_be_deleted(server: FakeOllama, ollama: Ollama) -> None:
    await ollama.models()
    await ollama.delete("gemma3:4b")
    assert server.find("gemma3:4b") is None
    with pytest.raises(ModelMissing):
        await ollama.delete("gemma3:4b")
    with pytest.raises(ModelMissing):
        await ollama.chat_model("gemma3:4b")


@pytest.mark.parametrize("body", ["[]", '{"models": [{}]}', "not json"])
async def test_nonsense_for_a_list_of_models_is_said_to_be_nonsense(
    server: FakeOllama, ollama: Ollama, body: str
) -> None:
    server.refuse["/api/tags"] = Refusal(200, body)
    with pytest.raises(ServerAnsweredBadly):
        await ollama.models()
