"""A workspace on a real database, with an engine and an agent that the test plays."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.paths import DataFolder
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.engines.registry import EngineRegistry
from kupuri_desktop.llm.registry import LlmRegistry
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.models import Models
from kupuri_desktop.workspace.projects import Projects
from kupuri_desktop.workspace.transfer.transfer import Transfer
from kupuri_desktop.workspace.workspace import Workspace
from tests.fakes.scripted import ScriptedAgent, ScriptedEngine

IMAGE_MODEL = ModelRef("scripted", "one")
TEXT_MODEL = ModelRef("thinker", "one")


@dataclass
class Studio:
    """One life of Kupuri without a face."""

    folder: DataFolder
    storage: Storage
    engine: ScriptedEngine
    agent: ScriptedAgent
    models: Models
    projects: Projects
    settings: Settings
    always: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, root: Path) -> "Studio":
        storage = await Storage.open(DataFolder(root))
        engine = ScriptedEngine()
        return cls(
            DataFolder(root),
            storage,
            engine,
            ScriptedAgent(),
            Models(LlmRegistry([]), EngineRegistry([engine])),
            Projects(storage.canvases, storage.assets, lambda: Transfer(storage)),
            Settings(),
        )

    async def project(self) -> Project:
        known = await self.projects.list()
        if known:
            return known[0]
        project = await self.projects.create()
        await self.storage.canvases.change(project.id, text_model=TEXT_MODEL)
        return await self.storage.canvases.change(project.id, image_model=IMAGE_MODEL)

    async def workspace(self) -> Workspace:
        return await Workspace.open(
            await self.project(),
            storage=self.storage,
            models=self.models,
            projects=self.projects,
            agent=self.agent,
            settings=lambda: self.settings,
            allow_always=self.always.append,
            exports=self.folder.exports,
        )

    async def close(self, *workspaces: Workspace) -> None:
        for workspace in workspaces:
            await workspace.leave()
        await self.models.aclose()
        for workspace in workspaces:
            await workspace.aclose()
        await self.storage.aclose()


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    studio = await Studio.open(tmp_path)
    yield studio
    await studio.storage.aclose()


@pytest.fixture
async def workspace(studio: Studio) -> AsyncIterator[Workspace]:
    workspace = await studio.workspace()
    yield workspace
    await workspace.leave()
    await studio.models.aclose()
    await workspace.aclose()
