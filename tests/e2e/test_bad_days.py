"""Bad days in the window: each has its sentence and one click that mends it; nothing is lost."""

import json

import pytest

from kupuri_desktop.core.chat import MessageState
from kupuri_desktop.core.errors import Mend, Problem
from kupuri_desktop.core.models import Capability, ModelKind, ModelRef
from tests.e2e.desk import desk, until
from tests.fakes.comfyui_jobs import Crash
from tests.fakes.comfyui_wire import Response
from tests.fakes.ollama import Call, ErrorLine, FakeOllama, Model, Text, words
from tests.fakes.wire import End, Raw, Reset

QWEN = ModelRef("ollama", "qwen3:8b")
DRAW = [Call("generate_image", {"prompt": "a fox"})]
FAILED = pytest.mark.logs("failed")


async def chosen(studio, ref, kind=ModelKind.TEXT):
    """A project that has chosen its model; it does not turn to another by itself."""
    studio.face.actions["new_project"].trigger()
    await until(lambda: studio.face._project is not None)
    await studio.workspace.choose(kind, ref)


def mend_of(problem: Problem) -> Mend | None:
    return problem.action.mend if problem.action else None


@FAILED
async def test_ollama_is_not_running(tmp_path):
    async with desk(tmp_path) as studio:
        await chosen(studio, QWEN)
        studio.wish("a fox")
        await studio.answered()
        assert studio.answer.state is MessageState.FAILED
        assert "Ollama" in studio.problem.message
        assert mend_of(studio.problem) is Mend.START_SERVER
        assert studio.workspace.text_model() == QWEN, "nothing else stands in for it"


@FAILED
async def test_one_click_tries_again_when_the_server_is_back(tmp_path):
    server = FakeOllama()
    await server.start()
    url, port = server.url, int(server.url.rsplit(":", 1)[1])
    await server.stop()
    async with desk(tmp_path, url) as studio:
        await chosen(studio, QWEN)
        studio.wish("hello")
        await studio.answered()
        assert studio.answer.state is MessageState.FAILED
        await server.start(port)
        server.script(words("I am back."))
        await studio.workspace.conversation.retry(studio.answer.id)
        await studio.answered()
        assert [message.text for message in studio.messages] == ["hello", "I am back."]
        await server.stop()


@FAILED
async def test_a_model_that_was_deleted_can_be_downloaded(tmp_path, ollama):
    async with desk(tmp_path, ollama.url) as studio:
        await chosen(studio, ModelRef("ollama", "gone:1b"))
        studio.wish("a fox")
        await studio.answered()
        assert "gone:1b" in studio.problem.message
        assert mend_of(studio.problem) is Mend.PULL_MODEL
        assert studio.problem.action and studio.problem.action.argument == "gone:1b"


async def test_a_model_without_tools_makes_images_all_the_same(tmp_path, comfyui):
    def answer(body):
        """By the schema where there is one, as such a model is asked first; else in words."""
        if body.get("format"):
            return [Text(json.dumps({"reply": "", "action": "generate_image", "prompt": "a fox"}))]
        return words("There it is.")

    server = FakeOllama(models=[Model("gemma:2b", capabilities=("completion",))], otherwise=answer)
    async with server, desk(tmp_path, server.url, comfyui.url) as studio:
        info = studio.app.models.find(ModelRef("ollama", "gemma:2b"), ModelKind.TEXT)
        assert info and Capability.TOOLS not in info.capabilities
        await studio.wish_from_home("Generate a fox")
        await studio.answered()
        assert len(studio.workspace.canvas.items) == 1
        assert studio.answer.state is MessageState.COMPLETE
        assert not any(chat.get("tools") for chat in server.chats)


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (Reset(), "connection"),
        (End(), "end"),
        (ErrorLine("model runner has unexpectedly stopped"), "stopped"),
        (Raw(b"{not json\n"), ""),
    ],
    ids=["killed", "no end mark", "error line", "bad JSON"],
)
@FAILED
async def test_an_answer_that_breaks_off_keeps_its_text(tmp_path, ollama, end, says):
    ollama.script([Text("Once upon a time"), end])
    async with desk(tmp_path, ollama.url) as studio:
        await studio.wish_from_home("Tell me a story")
        await studio.answered()
        assert studio.answer.state is MessageState.FAILED
        assert studio.answer.text == "Once upon a time"
        assert studio.problem.kept
        assert studio.problem.action is not None
        stored = await studio.app.storage.chats.messages(studio.answer.session)
        assert stored[-1].text == "Once upon a time"


@FAILED
async def test_each_way_of_breaking_off_has_a_sentence_of_its_own(tmp_path, ollama):
    told = set()
    for end in (Reset(), End(), ErrorLine("model runner has unexpectedly stopped"), Raw(b"{no\n")):
        ollama.script([Text("Once"), end])
    async with desk(tmp_path, ollama.url) as studio:
        for number in range(4):
            if number:
                studio.wish("again")
            else:
                await studio.wish_from_home("Tell me a story")
            await studio.answered(number + 1)
            told.add(studio.problem.message)
    assert len(told) >= 3


@FAILED
async def test_comfyui_is_not_running(tmp_path, ollama):
    ollama.script(DRAW, words("I could not."))
    async with desk(tmp_path, ollama.url) as studio:
        await chosen(
            studio, ModelRef("comfyui", "v1-5-pruned-emaonly-fp16.safetensors"), ModelKind.IMAGE
        )
        studio.wish("a fox")
        await studio.answered()
        _, problem = studio.failure
        assert "ComfyUI" in problem.message
        assert mend_of(problem) is Mend.START_SERVER
        assert studio.answer.text == "I could not."
        assert studio.workspace.canvas.items == {}


@FAILED
async def test_comfyui_is_killed_in_mid_job(tmp_path, ollama, comfyui):
    comfyui.hold_steps()
    ollama.script(DRAW, words("It broke."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        await studio.wish_from_home("a fox")
        await comfyui.sampling()
        await comfyui.kill()
        await studio.answered()
        _, problem = studio.failure
        assert problem.message
        [placeholder] = studio.workspace.generations.placeholders
        assert placeholder.problem and placeholder.problem.action


@FAILED
async def test_a_workflow_that_is_refused_names_what_is_wrong(tmp_path, ollama, comfyui):
    ollama.script(DRAW, words("It was refused."))
    refusal = {
        "error": {
            "type": "prompt_outputs_failed_validation",
            "message": "Prompt outputs failed validation",
            "details": "",
            "extra_info": {},
        },
        "node_errors": {
            "1": {
                "errors": [
                    {
                        "type": "value_not_in_list",
                        "message": "Value not in list",
                        "details": "ckpt_name: 'x.safetensors' not in []",
                        "extra_info": {
                            "input_name": "ckpt_name",
                            "received_value": "x.safetensors",
                        },
                    }
                ],
                "dependent_outputs": ["9"],
                "class_type": "CheckpointLoaderSimple",
            }
        },
    }
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        comfyui.answers.append(Response.of(refusal, 400))
        await studio.wish_from_home("a fox")
        await studio.answered()
        _, problem = studio.failure
        assert "x.safetensors" in problem.message + problem.hint


@FAILED
async def test_a_500_of_comfyui_is_told_without_its_text(tmp_path, ollama, comfyui):
    ollama.script(DRAW, words("No."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        comfyui.answers.append(Response(500, b"500 Internal Server Error\n\nServer got itself"))
        await studio.wish_from_home("a fox")
        await studio.answered()
        _, problem = studio.failure
        assert "itself" not in problem.message
        assert problem.action is not None


@FAILED
async def test_out_of_memory_is_told_as_such(tmp_path, ollama, comfyui):
    ollama.script(DRAW, words("No."))
    async with desk(tmp_path, ollama.url, comfyui.url) as studio:
        comfyui.crash = Crash("KSampler", "torch.OutOfMemoryError", "Allocation on device")
        await studio.wish_from_home("a fox")
        await studio.answered()
        _, problem = studio.failure
        assert problem.kind == "OutOfMemory"
        assert "memory" in problem.message


@FAILED
async def test_the_log_holds_no_prompt(tmp_path, ollama, caplog):
    ollama.script([Text("Once"), Reset()])
    async with desk(tmp_path, ollama.url) as studio:
        await studio.wish_from_home("a very secret unicorn")
        await studio.answered()
    assert "unicorn" not in caplog.text
