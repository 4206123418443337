"""One run: from a user's wish to the stored answer, however it ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from kupuri_desktop.agent.context import (
    AttachedImage,
    ImageWish,
    ToolContext,
    Turn,
    TurnSettings,
    WishProgress,
)
from kupuri_desktop.agent.events import (
    AgentEvent,
    MessageCompleted,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from kupuri_desktop.core.chat import (
    ImagePart,
    Message,
    MessageState,
    ToolState,
    Usage,
)
from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.storage.assets import Assets
from kupuri_desktop.storage.chats import Chats
from kupuri_desktop.workspace.eyes import for_eyes
from kupuri_desktop.workspace.transcript import Answer

log = logging.getLogger(__name__)

FLUSH_EVERY = 1.0
"""Seconds of streamed text that a crash may cost at the most."""


class Thinker(Protocol):
    """The agent, as a run needs it."""

    def run(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]: ...


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """What the composer's chips say. None leaves it to the wish. direct: no language model.

    seed: of the first image where the wish names none, so that it can be made again exactly.
    """

    aspect: str | None = None
    count: int | None = None
    direct: bool = False
    seed: int | None = None


class Run:
    """Answers one message of the user. The answer is stored each second and at every end."""

    def __init__(
        self,
        *,
        wish: Message,
        answer: Answer,
        history: tuple[Message, ...],
        options: TurnOptions,
        ask_before: Callable[[], frozenset[str]],
        tools: ToolContext,
        text_model: Callable[[], Awaitable[ModelRef]],
        agent: Thinker,
        chats: Chats,
        assets: Assets,
        used: Callable[[Message], Awaitable[None]],
        saved: Callable[[], Awaitable[None]],
    ) -> None:
        self._wish = wish
        self._answer = answer
        self._history = history
        self._options = options
        self._ask_before = ask_before
        self._tools = tools
        self._text_model = text_model
        self._agent = agent
        self._chats = chats
        self._assets = assets
        self._used = used
        self._saved = saved
        self.leaving = False

    async def carry_out(self) -> Message:
        """The stored answer. Raises CancelledError, with the answer stored as stopped."""
        self._save()
        flushing = asyncio.create_task(self._flush())
        try:
            if self._options.direct:
                await self._directly()
            else:
                await self._by_agent()
        except asyncio.CancelledError:
            end = MessageState.INTERRUPTED if self.leaving else MessageState.STOPPED
            self._answer.close(end)
            raise
        except KupuriError as error:
            log.warning("run failed: %s", type(error).__name__)
            self._answer.fail(error)
        finally:
            flushing.cancel()
            if self._answer.message.state is MessageState.STREAMING:
                self._answer.close(MessageState.FAILED)
            self._save()
        await self._used(self._answer.message)
        await self._saved()
        return self._answer.message

    async def _by_agent(self) -> None:
        model = await self._text_model()
        self._answer.name_model(str(model))
        turn = Turn(
            session=self._wish.session,
            run=self._answer.message.run or "",
            model=model,
            text=self._wish.text,
            context=self._tools,
            history=self._history,
            images=await self._attached(),
            settings=TurnSettings(
                aspect=self._options.aspect,
                count=self._options.count,
                ask_before=self._ask_before(),
            ),
        )
        async with aclosing(self._agent.run(turn)) as events:
            async for event in events:
                self._answer.add(event)

    async def _directly(self) -> None:
        """The wish goes to the image engine as it stands."""
        call = new_id()
        source = next((part.item for part in self._pictures() if part.item), None)
        wish = ImageWish(
            self._wish.text,
            count=self._options.count or 1,
            aspect=self._options.aspect,
            variation_of=source,
        )
        arguments = {"prompt": wish.prompt, "count": wish.count}
        if source:
            arguments["variation_of"] = source
        if wish.aspect:
            arguments["aspect"] = wish.aspect
        self._answer.add(ToolStarted(call, "generate_image", arguments))
        try:
            made = await self._tools.generate(wish, call=call, on_progress=_unheard)
        except KupuriError as error:
            failed = ToolFinished(call, ToolState.FAILED, error.message, problem=error.problem)
            self._answer.add(failed)
            self._answer.close(MessageState.FAILED)
            return
        items = tuple(image.item for image in made.images)
        count = len(items)
        words = "1 image" if count == 1 else f"{count} images"
        done = ToolFinished(call, ToolState.DONE, f"Made {words}.", items, made.problem)
        self._answer.add(done)
        self._answer.add(TextDelta(f"Made {words}."))
        self._answer.add(MessageCompleted(Usage()))

    async def _attached(self) -> tuple[AttachedImage, ...]:
        return tuple([await self._attach(part) for part in self._pictures()])

    async def _attach(self, part: ImagePart) -> AttachedImage:
        data = await self._assets.data(part.seen)
        data, mime = await asyncio.to_thread(for_eyes, data, part.mime)
        words = part.words if part.shows_marks else ""
        return AttachedImage(data, mime, part.item, part.masked, words)

    def _pictures(self) -> list[ImagePart]:
        return [part for part in self._wish.parts if isinstance(part, ImagePart)]

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY)
            if self._answer.dirty:
                self._save()

    def _save(self) -> None:
        self._answer.dirty = False
        self._chats.save_message(self._answer.message)


def _unheard(progress: WishProgress) -> None:
    """The cards follow the placeholders themselves."""
