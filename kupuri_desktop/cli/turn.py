"""Carries out one wish in a project, as the window would, and judges how it ended."""

import argparse
import asyncio
import os
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.narrator import Narrator
from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import folder_for, opened, write_images
from kupuri_desktop.cli.window import answers, window_is_open
from kupuri_desktop.core.chat import ErrorPart, Message, MessageState, Role, TextPart
from kupuri_desktop.core.errors import NotFound, Problem, UsageError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.storage.database import SaveState
from kupuri_desktop.workspace.run import TurnOptions

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.workspace.workspace import Workspace


async def carry_out(options: argparse.Namespace, output: Output) -> int:
    """Prints what came of the options of `kupuri generate`; returns the exit code."""
    if not options.prompt.strip():
        raise UsageError("The wish is empty.", hint='Try: kupuri generate "a sunset landscape".')
    began = time.monotonic()
    folder = folder_for(options.out)
    if await asyncio.to_thread(answers, DataFolder.choose(options.data, os.environ)):
        raise window_is_open()
    async with opened(options) as app:
        app.storage.database.saving.connect(partial(_tell_of_the_disk, output, []))
        workspace = await _workspace(app, options)
        await workspace.conversation.new_session()
        answer = await _answer(workspace, options, output)
        keys = [key for call in answer.tool_calls for key in call.items]
        lying = workspace.canvas.items
        items = [item for key in keys if isinstance(item := lying.get(key), ImageItem)]
        images = await write_images(workspace.outgoing, items, folder)
        project = workspace.project
    output.result(
        {
            "project": {"id": project.id, "name": project.name},
            "session": answer.session,
            "text": _text(answer),
            "images": images,
            "seconds": round(time.monotonic() - began, 3),
        },
        [image["path"] for image in images],
    )
    return _verdict(answer, images, output)


def _tell_of_the_disk(output: Output, told: list[Problem], state: SaveState) -> None:
    """Says once what keeps the work from being saved, for then it waits without an end."""
    if state.problem is not None and state.problem not in told:
        told.append(state.problem)
        output.note(
            f"kupuri: {state.problem.message} {state.problem.hint} "
            "It goes on by itself then; Ctrl+C ends it and loses what is not saved."
        )


async def _workspace(app: "App", options: argparse.Namespace) -> "Workspace":
    """The wish's project, made where it is missing, with the models of this one time."""
    try:
        project = await app.projects.find(options.project)
    except NotFound:
        project = await app.projects.create(options.project)
    workspace = await app.open_project(project)
    if options.image is None or not (options.direct or options.llm):
        await app.models.ready()
    # Not `choose`: what is asked for once on a command line must not change the project's choice.
    workspace.project = replace(
        workspace.project,
        text_model=options.llm or workspace.project.text_model,
        image_model=options.image or workspace.project.image_model,
    )
    return workspace


async def _answer(workspace: "Workspace", options: argparse.Namespace, output: Output) -> Message:
    """The answer, however it ended. Cancelling stops the run at its servers and stores it."""
    turn = TurnOptions(options.aspect, options.count, options.direct, options.seed)
    conversation = workspace.conversation
    with output.progress("Making images") as progress:
        narrator = Narrator(workspace, output, progress)
        try:
            wish = await conversation.send(options.prompt, options=turn)
            await conversation.idle()
        except BaseException:
            conversation.stop()
            await conversation.idle()
            raise
        finally:
            narrator.close()
    after = False
    for message in conversation.messages:
        if after and message.role is Role.ASSISTANT:
            return message
        after = after or message.id == wish.id
    raise NotFound("The wish was not answered.", hint="Try again.")


def _verdict(answer: Message, images: list[dict[str, Any]], output: Output) -> int:
    problem = _problem(answer)
    if problem is not None:
        kept = problem.kept or (f"{len(images)} of the images were made." if images else "")
        output.note("kupuri: " + " ".join(filter(None, (problem.message, kept, problem.hint))))
        return 1
    if answer.state is not MessageState.COMPLETE:
        output.note("kupuri: The run was stopped before its end.")
        return 1
    if not images:
        output.note(f"kupuri: No image was made. The assistant says: {_one_line(_text(answer))}")
        return 1
    return 0


def _problem(answer: Message) -> Problem | None:
    """What went wrong: of the run itself first, else of the last tool that was used."""
    errors = [part.problem for part in answer.parts if isinstance(part, ErrorPart)]
    if errors and answer.state is not MessageState.COMPLETE:
        return errors[-1]
    calls = [call.problem for call in answer.tool_calls]
    return calls[-1] if calls else None


def _text(answer: Message) -> str:
    """What the assistant said, before and after its tools, in paragraphs."""
    return "\n\n".join(part.text.strip() for part in answer.parts if isinstance(part, TextPart))


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "(nothing)"
