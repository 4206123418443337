"""The open project: its canvas, its chats, its images in the making."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.chat import Decision, Message, Usage
from kupuri_desktop.core.generation import Job
from kupuri_desktop.core.models import ModelKind, ModelRef, Place
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.core.signals import Signal
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.canvas_writer import CanvasWriter
from kupuri_desktop.workspace.collecting import Collecting
from kupuri_desktop.workspace.colours import ProjectColours
from kupuri_desktop.workspace.conversation import Conversation
from kupuri_desktop.workspace.generations import Generations
from kupuri_desktop.workspace.incoming import Incoming
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.outgoing import Outgoing
from kupuri_desktop.workspace.projects import UNNAMED, Projects
from kupuri_desktop.workspace.run import Run, Thinker, TurnOptions
from kupuri_desktop.workspace.tools import ProjectTools
from kupuri_desktop.workspace.transcript import Answer

ASK_UNLESS_ALLOWED = frozenset({"delete_items"})


class Agent(Thinker, Protocol):
    """The agent, as the workspace needs it."""

    def answer(self, confirmation: str, approved: bool) -> bool: ...


class Workspace:
    """One open project. `project_changed` hears of its name and its models.

    `selection` is what the user has selected: the face sets it, the agent is told of it.
    """

    def __init__(
        self,
        project: Project,
        *,
        canvas: Canvas,
        writer: CanvasWriter,
        storage: Storage,
        models: Models,
        projects: Projects,
        agent: Agent,
        settings: Callable[[], Settings],
        allow_always: Callable[[str], None],
        exports: Path,
        palette: Palette,
    ) -> None:
        self.project = project
        self.canvas = canvas
        self.selection: frozenset[str] = frozenset()
        self.project_changed: Signal[Project] = Signal()
        self._writer = writer
        self._storage = storage
        self._models = models
        self._projects = projects
        self._agent = agent
        self._settings = settings
        self._allow_always = allow_always
        self._allowed: frozenset[str] = frozenset()
        self._collecting: asyncio.Task[None] | None = None
        self.assets = storage.assets
        self.colours = ProjectColours(project.id, palette, storage.palettes, storage.assets)
        self.generations = Generations(
            project.id,
            canvas,
            engine=models.engine,
            turn=models.turn,
            assets=storage.assets,
            jobs=storage.jobs,
            saved=writer.saved,
        )
        self.conversation = Conversation(
            project.id, storage.chats, self._new_run, answer=self._answer
        )
        self.incoming = Incoming(canvas, storage.assets, writer)
        self.outgoing = Outgoing(
            canvas,
            storage.assets,
            storage.jobs,
            exports,
            strip=lambda: settings().strip_metadata,
        )
        self.generations.changed.connect(self.conversation.progressed)
        self.generations.settled.connect(lambda settled: self.conversation.collected(settled[0]))
        self.conversation.named.connect(self._take_name)
        self._naming: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        project: Project,
        *,
        storage: Storage,
        models: Models,
        projects: Projects,
        agent: Agent,
        settings: Callable[[], Settings],
        allow_always: Callable[[str], None],
        exports: Path,
    ) -> "Workspace":
        """Loads the project and begins to collect what an earlier life left unfinished."""
        writer = CanvasWriter(project.id, storage.canvases, storage.database)
        canvas = Canvas(await storage.canvases.load(project.id), writer.record)
        workspace = cls(
            project,
            canvas=canvas,
            writer=writer,
            storage=storage,
            models=models,
            projects=projects,
            agent=agent,
            settings=settings,
            allow_always=allow_always,
            exports=exports,
            palette=await storage.palettes.load(project.id),
        )
        await workspace.conversation.open()
        workspace.collect(await storage.jobs.open_jobs(project.id))
        return workspace

    @property
    def busy(self) -> bool:
        return self.conversation.busy or self.generations.active > 0

    def text_model(self) -> ModelRef:
        """The model that the next wish goes to, as far as is known now."""
        chosen = self.project.text_model
        return self._models.pick(ModelKind.TEXT, chosen, self._settings()).ref

    def image_model(self) -> ModelRef:
        chosen = self.project.image_model
        return self._models.pick(ModelKind.IMAGE, chosen, self._settings()).ref

    async def choose(self, kind: ModelKind, ref: ModelRef) -> None:
        """Remembers the choice for this project."""
        if kind is ModelKind.TEXT:
            change = self._storage.canvases.change(self.project.id, text_model=ref)
        else:
            change = self._storage.canvases.change(self.project.id, image_model=ref)
        self._update(await change)

    async def rename(self, name: str) -> None:
        self._update(await self._projects.rename(self.project.id, name))

    async def saved(self) -> None:
        """All that was done until now is on the disk."""
        await self._writer.saved()

    def collect(self, jobs: Sequence[Job]) -> None:
        """Asks the engines what became of jobs that an earlier life left open."""
        if jobs:
            collecting = Collecting(
                self.canvas,
                self.generations,
                engine=self._models.engine,
                jobs=self._storage.jobs,
            )
            self._collecting = asyncio.create_task(collecting.run(jobs))

    async def idle(self) -> None:
        """Waits until no wish is being worked on."""
        await self.conversation.idle()
        if self._collecting is not None:
            await asyncio.wait([self._collecting])

    async def leave(self) -> None:
        """Stores what runs as interrupted; its jobs are left to the engines that do them."""
        self.generations.leave()
        for task in (self._collecting, self._naming):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        await self.conversation.aclose()

    async def aclose(self) -> None:
        """After `leave`, and after the engines are closed where Kupuri ends."""
        await self.generations.aclose()
        await self._writer.saved()

    def _new_run(
        self,
        wish: Message,
        answer: Answer,
        history: tuple[Message, ...],
        options: TurnOptions,
    ) -> Run:
        tools = ProjectTools(
            session=wish.session,
            run=answer.message.run or "",
            canvas=self.canvas,
            generations=self.generations,
            models=self._models,
            assets=self._storage.assets,
            image_model=self._decided_image_model,
            project_name=lambda: self.project.name,
            rename=self.rename,
            selection=lambda: self.selection,
            saved=self._writer.saved,
            seed=options.seed,
        )
        return Run(
            wish=wish,
            answer=answer,
            history=history,
            options=options,
            ask_before=self._ask_before,
            tools=tools,
            text_model=self._decided_text_model,
            agent=self._agent,
            chats=self._storage.chats,
            assets=self._storage.assets,
            used=self._count,
            saved=self._writer.saved,
        )

    async def _count(self, answer: Message) -> None:
        """Keeps a record of the tokens and images that an answer took."""
        images = sum(len(call.items) for call in answer.tool_calls)
        if answer.model and (images or answer.usage != Usage()):
            await self._storage.usage.add(
                ModelRef.parse(answer.model),
                input_tokens=answer.usage.input_tokens,
                output_tokens=answer.usage.output_tokens,
                images=images,
                project=self.project.id,
                session=answer.session,
                run=answer.run,
            )

    async def _decided_text_model(self) -> ModelRef:
        return await self._decide(ModelKind.TEXT, self.project.text_model)

    async def _decided_image_model(self) -> ModelRef:
        return await self._decide(ModelKind.IMAGE, self.project.image_model)

    async def _decide(self, kind: ModelKind, chosen: ModelRef | None) -> ModelRef:
        """The model for now. A local one that Kupuri picked itself is remembered from then on:

        when its server fails later, the error says so, and nothing else stands in for it.
        """
        await self._models.ready()
        choice = self._models.pick(kind, chosen, self._settings())
        info = self._models.find(choice.ref, kind)
        if not choice.by_person and info is not None and info.place is Place.LOCAL:
            await self.choose(kind, choice.ref)
        return choice.ref

    def _ask_before(self) -> frozenset[str]:
        """The tools that need a yes before each use: by the settings, less what was allowed."""
        settings = self._settings()
        info = self._models.find(self.image_model(), ModelKind.IMAGE)
        costs = info is not None and info.place is Place.CLOUD
        asked = ASK_UNLESS_ALLOWED
        if settings.approve_generation == "always" or (
            settings.approve_generation == "cloud" and costs
        ):
            asked |= {"generate_image"}
        return asked - self._allowed - frozenset(settings.allowed_tools)

    def _answer(self, call: str, decision: Decision) -> None:
        """Passes the yes or no on, and remembers a lasting yes."""
        tool = self.conversation.tool_of_call(call)
        if not self._agent.answer(call, decision is not Decision.REJECT) or tool is None:
            return
        match decision:
            case Decision.SESSION:
                self._allowed |= {tool}
            case Decision.ALWAYS:
                self._allow_always(tool)

    def _take_name(self, name: str) -> None:
        """A project without a name takes that of its first chat."""
        if self.project.name == UNNAMED:
            self._naming = asyncio.create_task(self.rename(name))

    def _update(self, project: Project) -> None:
        self.project = project
        self.project_changed.emit(project)
