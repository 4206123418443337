"""`kupuri generate`: one wish, carried out as in the window, its images written into a folder."""

import argparse
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kupuri_desktop.cli.narrator import Narrator
from kupuri_desktop.cli.output import Output
from kupuri_desktop.cli.session import folder_for, opened, write_images
from kupuri_desktop.core.chat import ErrorPart, Message, MessageState, Role, TextPart
from kupuri_desktop.core.errors import NotFound, Problem, UsageError
from kupuri_desktop.core.generation import MAX_COUNT, MAX_SEED, parse_aspect
from kupuri_desktop.core.models import ModelRef

if TYPE_CHECKING:
    from kupuri_desktop.app import App
    from kupuri_desktop.workspace.workspace import Workspace

SUMMARY = "make images from a wish"
PROJECT = "Command line"
"""The project of wishes that name none."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prompt", metavar="PROMPT", help="the wish, in your own words")
    parser.add_argument("--count", type=_count, metavar="N", help="how many images")
    parser.add_argument("--aspect", type=_aspect, metavar="W:H", help="for example 16:9")
    parser.add_argument(
        "--llm", type=_model, metavar="PROVIDER:MODEL", help="who reads the wish, for this time"
    )
    parser.add_argument(
        "--image", type=_model, metavar="PROVIDER:MODEL", help="who makes the images, this time"
    )
    parser.add_argument("--seed", type=_seed, metavar="N", help="the same seed, the same image")
    parser.add_argument(
        "--project", metavar="NAME", default=PROJECT, help=f"its name or id (“{PROJECT}”)"
    )
    parser.add_argument("--out", metavar="FOLDER", help="where the images go (the current folder)")
    parser.add_argument(
        "--direct", action="store_true", help="straight to the image model, with no language model"
    )


async def run(options: argparse.Namespace, output: Output) -> int:
    if not options.prompt.strip():
        raise UsageError("The wish is empty.", hint='Try: kupuri generate "a sunset landscape".')
    began = time.monotonic()
    folder = folder_for(options.out)
    async with opened(options) as app:
        workspace = await _workspace(app, options)
        await workspace.conversation.new_session()
        answer = await _carry_out(workspace, options, output)
        items = [key for call in answer.tool_calls for key in call.items]
        images = await write_images(workspace, items, folder)
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


async def _carry_out(
    workspace: "Workspace", options: argparse.Namespace, output: Output
) -> Message:
    """The answer, however it ended. Cancelling stops the run at its servers and stores it."""
    from kupuri_desktop.workspace.run import TurnOptions

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


def _count(text: str) -> int:
    return _number(text, 1, MAX_COUNT)


def _seed(text: str) -> int:
    return _number(text, 0, MAX_SEED)


def _number(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from None
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{number} is not between {least} and {most}")
    return number


def _aspect(text: str) -> str:
    try:
        parse_aspect(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{error.message} {error.hint}") from None
    return text


def _model(text: str) -> ModelRef:
    try:
        return ModelRef.parse(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{error.message} {error.hint}") from None
