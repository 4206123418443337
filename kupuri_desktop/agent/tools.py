"""The tools that the model may call: on the canvas by item ids, never by paths."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool

from kupuri_desktop.agent.aliases import Aliases
from kupuri_desktop.agent.arguments import (
    Arguments,
    ArrangeItems,
    DeleteItems,
    DescribeCanvas,
    GenerateImage,
    RenameProject,
    WritePlan,
)
from kupuri_desktop.agent.context import GeneratedSummary, ImageWish, Layout, WishProgress
from kupuri_desktop.agent.events import PlanChanged, ToolProgress
from kupuri_desktop.agent.scope import IMAGES, Outcome, RunScope
from kupuri_desktop.core.chat import PlanStep
from kupuri_desktop.core.errors import Refused

LONGEST_WORDS = 80

Runtime = ToolRuntime[RunScope, Any]
Answer = tuple[str, Outcome]


async def generate_image(runtime: Runtime, **values: Any) -> Answer:
    scope = runtime.context
    arguments = GenerateImage.model_validate(values)
    settings = scope.turn.settings
    count, note_on_count = arguments.sound_count(settings.count)
    aspect, note_on_aspect = arguments.sound_aspect(settings.aspect)
    if scope.images + count > IMAGES:
        raise Refused(
            f"This run has asked for {scope.images} images already; {IMAGES} is the most.",
            hint="Tell the user what there is, and ask whether to go on.",
        )
    scope.images += count
    # Who sends an image with a mask means that image, also where the model forgets to say so.
    source = scope.turn.edited
    if arguments.variation_of:
        source = scope.aliases().resolve(arguments.variation_of)
    wish = ImageWish(
        prompt=arguments.prompt.strip(),
        count=count,
        aspect=aspect,
        style=arguments.style.strip() or settings.style,
        negative_prompt=arguments.negative_prompt.strip(),
        seed=arguments.sound_seed(),
        variation_of=source,
    )
    call = runtime.tool_call_id or ""

    def on_progress(progress: WishProgress) -> None:
        scope.emit(ToolProgress(call, progress))

    made = await scope.turn.context.generate(wish, call=call, on_progress=on_progress)
    notes = " ".join(note for note in (note_on_count, note_on_aspect) if note)
    outcome = Outcome(tuple(image.item for image in made.images), made.problem)
    return _describe_made(made, scope.aliases(), notes), outcome


def _describe_made(made: GeneratedSummary, aliases: Aliases, notes: str) -> str:
    images = [
        {
            "id": aliases.short(image.item),
            "width": image.width,
            "height": image.height,
            "seed": image.seed,
        }
        for image in made.images
    ]
    answer: dict[str, Any] = {"images": images}
    if made.problem is not None:
        notes = f"{notes} {made.problem.message}".strip()
    if notes:
        answer["note"] = notes
    return json.dumps(answer, ensure_ascii=False)


async def describe_canvas(runtime: Runtime, **values: Any) -> Answer:
    newest = DescribeCanvas.model_validate(values).newest
    summary = runtime.context.turn.context.canvas_summary()
    aliases = Aliases(item.id for item in summary.items)
    items = [
        {
            "id": aliases.short(item.id),
            "kind": item.kind,
            "words": item.words[:LONGEST_WORDS],
            "x": round(item.x),
            "y": round(item.y),
            "width": round(item.width),
            "height": round(item.height),
            **({"selected": True} if item.selected else {}),
            **({"masked": True} if item.masked else {}),
        }
        for item in summary.items[-newest:]
    ]
    answer = {"project": summary.project, "count": len(summary.items), "items": items}
    return json.dumps(answer, ensure_ascii=False), Outcome()


async def arrange_items(runtime: Runtime, **values: Any) -> Answer:
    scope = runtime.context
    arguments = ArrangeItems.model_validate(values)
    aliases = scope.aliases()
    items = [aliases.resolve(name) for name in arguments.ids]
    if not items:
        summary = scope.turn.context.canvas_summary()
        items = [item.id for item in summary.items if item.kind == "image"]
    if not items:
        raise Refused("There is nothing on the canvas to arrange.")
    layout = Layout(arguments.layout)
    await scope.turn.context.arrange(items, layout, call=runtime.tool_call_id or "")
    return f"Arranged {len(items)} items as a {layout.value}.", Outcome()


async def delete_items(runtime: Runtime, **values: Any) -> Answer:
    scope = runtime.context
    arguments = DeleteItems.model_validate(values)
    aliases = scope.aliases()
    items = [aliases.resolve(name) for name in arguments.ids]
    await scope.turn.context.delete_items(items, call=runtime.tool_call_id or "")
    return f"Deleted {len(items)} items; the user can undo it.", Outcome()


async def write_plan(runtime: Runtime, **values: Any) -> Answer:
    arguments = WritePlan.model_validate(values)
    steps = tuple(
        PlanStep(text.strip()[:LONGEST_WORDS], done=number < arguments.done)
        for number, text in enumerate(arguments.steps)
    )
    runtime.context.emit(PlanChanged(steps))
    return "The user sees the plan. Go on with the first step that is not done.", Outcome()


async def rename_project(runtime: Runtime, **values: Any) -> Answer:
    arguments = RenameProject.model_validate(values)
    name = " ".join(arguments.name.split())
    await runtime.context.turn.context.rename_project(name, call=runtime.tool_call_id or "")
    return f"The project is named {name} now.", Outcome()


_TOOLS: tuple[tuple[Callable[..., Awaitable[Answer]], type[Arguments], str], ...] = (
    (generate_image, GenerateImage, "Make images and put them on the canvas."),
    (describe_canvas, DescribeCanvas, "List what is on the canvas, with ids."),
    (arrange_items, ArrangeItems, "Lay items out on the canvas."),
    (delete_items, DeleteItems, "Take items off the canvas."),
    (write_plan, WritePlan, "Show the user the steps of a bigger wish, or tick steps off."),
    (rename_project, RenameProject, "Give the project another name."),
)


def build_tools() -> list[BaseTool]:
    return [
        StructuredTool.from_function(
            coroutine=run,
            name=run.__name__,
            description=description,
            args_schema=schema,
            response_format="content_and_artifact",
        )
        for run, schema, description in _TOOLS
    ]
