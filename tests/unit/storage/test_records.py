"""Jobs, settings, usage, search and secrets: small records, each whole."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from keyring.errors import KeyringLocked

from kupuri_desktop.core.chat import Message, MessageState, Role, Session, TextPart
from kupuri_desktop.core.errors import NoKeyring, Problem
from kupuri_desktop.core.generation import GenerationRequest, Job, JobState, SourceImage
from kupuri_desktop.core.geometry import Rect
from kupuri_desktop.core.items import Making, NoteItem
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.projects import Project
from kupuri_desktop.core.settings import Settings
from kupuri_desktop.storage.secrets import Secrets
from kupuri_desktop.storage.usage import Totals
from tests.durability.specimen import opened
from tests.unit.storage.samples import SessionKeyring, image_item, png

MOMENT = datetime(2026, 5, 6, 7, 8, 9, 123457, tzinfo=UTC)
FLUX = ModelRef("comfyui", "flux:dev")


def job(project: str, **more: object) -> Job:
    request = GenerationRequest("job", "a fox", FLUX, seed=2**53 - 1, guidance=3.5)
    values = {
        "id": "job",
        "project": project,
        "session": "s",
        "run": "r",
        "tool_call": "t",
        "request": request,
        "place": Rect(1.5, -2.0, 3.0, 4.0),
        "state": JobState.REQUESTED,
        "created": MOMENT,
        "changed": MOMENT,
    }
    return Job(**(values | more))  # type: ignore[arg-type]


async def test_a_job_comes_back_with_its_request_and_workflow(storage, project):
    stored = job(
        project.id,
        item="item",
        problem=Problem("JobLost", "Gone."),
        workflow={"prompt": "{}"},
        request=replace(
            job(project.id).request, source=SourceImage(png(), png(colour="white"), "a" * 64)
        ),
    )
    await storage.jobs.save(stored)
    assert await storage.jobs.get("job") == stored


async def test_jobs_are_open_until_they_come_to_an_end(storage, project):
    other = await storage.canvases.create(Project())
    for state in JobState:
        await storage.jobs.save(job(project.id, id=state.value, state=state))
    await storage.jobs.save(job(other.id, id="elsewhere"))
    found = await storage.jobs.open_jobs(project.id)
    assert {one.id for one in found} == {"requested", "posted", "running"}
    assert len(await storage.jobs.open_jobs()) == 4
    assert await storage.jobs.get("nowhere") is None


async def test_settings_come_back_and_defaults_are_not_written_down(storage):
    assert await storage.settings.load() == Settings()
    changed = Settings().changed(theme="light", context_tokens=4096)
    await storage.settings.save(changed)
    assert await storage.settings.load() == changed
    await storage.settings.save(changed.changed(theme="dark"))
    rows = await storage.database.read(
        lambda database: list(database.execute_sql("SELECT name, value FROM setting"))
    )
    assert rows == [("context_tokens", "4096")]


async def test_a_setting_of_a_newer_kupuri_is_kept_and_a_bad_one_left_at_its_default(storage):
    from kupuri_desktop.storage.tables import SettingRow, sealed

    def write(database):
        for name, value in (("of_tomorrow", '"x"'), ("context_tokens", "1"), ("theme", '"light"')):
            SettingRow.insert(**sealed(SettingRow, {"name": name, "value": value})).execute(
                database
            )

    await storage.database.write(write)
    settings = await storage.settings.load()
    assert settings.theme == "light"
    assert settings.context_tokens == Settings().context_tokens
    await storage.settings.save(settings)
    assert (await storage.settings.load()).model_extra == {"of_tomorrow": "x"}


async def test_usage_adds_up_by_model(storage, project):
    await storage.usage.add(FLUX, images=1, micro_usd=40_000, project=project.id)
    await storage.usage.add(FLUX, images=2, micro_usd=80_000)
    await storage.usage.add(ModelRef("ollama", "x"), input_tokens=5, output_tokens=7)
    assert await storage.usage.totals() == {
        FLUX: Totals(images=3, micro_usd=120_000),
        ModelRef("ollama", "x"): Totals(5, 7),
    }
    assert await storage.usage.totals(datetime.now(UTC) + timedelta(days=1)) == {}


@pytest.fixture
async def library(storage, project):
    session = await storage.chats.create_session(Session(project=project.id, name="Morning talk"))
    await storage.chats.save_message(
        Message(
            id="m", session=session.id, role=Role.USER, parts=(TextPart("Ein Leuchtturm, öde"),)
        )
    )
    canvas = await opened(storage, project.id)
    canvas.add(
        "Add",
        [
            image_item("i", "a" * 64, making=Making("a red lighthouse", "x:y", 1, 1, 1)),
            NoteItem(id="n", x=0, y=0, width=1, height=1, text="call 灯台の人 back"),
        ],
    )
    await storage.database.saved()
    return canvas, session


async def test_prompts_messages_texts_and_names_are_found_by_the_beginnings_of_words(
    storage, project, library
):
    async def kinds(text: str) -> list[str]:
        return [hit.kind for hit in await storage.search.find(text)]

    assert await kinds("lightho") == ["item"]
    assert await kinds("red LIGHT") == ["item"]
    assert await kinds("leuchtturm ode") == ["message"]
    assert await kinds("sunset") == ["project"]
    assert await kinds("morning") == ["session"]
    assert await kinds("灯台") == ["item"]
    assert await kinds("nothing-like-it") == []
    assert await kinds("   ") == []
    (hit,) = await storage.search.find("leuchtturm")
    assert (hit.project, hit.message, hit.item) == (project.id, "m", None)
    assert "Leuchtturm" in hit.snippet


@pytest.mark.parametrize("text", ['"', "a AND", "NEAR(", "*", "-", "col:x", "(", "'; DROP", "\x00"])
async def test_signs_of_a_query_language_are_just_signs(storage, library, text):
    assert isinstance(await storage.search.find(text), list)


async def test_what_is_gone_or_in_the_trash_is_not_found(storage, project, library):
    canvas, session = library
    canvas.delete(["i"])
    await storage.database.saved()
    assert await storage.search.find("lighthouse") == []
    canvas.undo()
    await storage.database.saved()
    assert len(await storage.search.find("lighthouse")) == 1
    await storage.chats.trash_session(session.id)
    assert await storage.search.find("leuchtturm") == []
    await storage.canvases.trash(project.id)
    assert await storage.search.find("lighthouse") == []


async def test_an_answer_is_found_once_it_is_complete(storage, project, library):
    _, session = library
    message = Message(
        session=session.id,
        role=Role.ASSISTANT,
        parts=(TextPart("zebra"),),
        state=MessageState.STREAMING,
    )
    await storage.chats.save_message(message)
    assert await storage.search.find("zebra") == []
    await storage.chats.save_message(replace(message, state=MessageState.COMPLETE))
    assert len(await storage.search.find("zebra")) == 1


async def test_secrets_live_in_the_keyring_alone():
    ring = SessionKeyring()
    secrets = Secrets(ring)
    await secrets.set("openai", "canary")
    assert list(ring.kept.values()) == ["canary"]
    assert await Secrets(ring).get("openai") == "canary"
    assert (await secrets.status()).ok
    await secrets.delete("openai")
    await secrets.delete("openai")
    assert await secrets.get("openai") is None


class PlainFile(SessionKeyring):
    priority = 0.5


class Chain:
    priority = 10.0

    def __init__(self, *backends: SessionKeyring) -> None:
        self.backends = backends


async def test_a_keyring_that_writes_plain_files_counts_as_none():
    ring = PlainFile()
    secrets = Secrets(ring)
    with pytest.raises(NoKeyring):
        await secrets.set("openai", "canary")
    assert ring.kept == {}
    assert await secrets.get("openai") == "canary"
    assert await Secrets(ring).get("openai") is None
    status = await secrets.status()
    assert not status.ok
    assert status.problem is not None
    assert status.problem.kind == "NoKeyring"


async def test_of_a_chain_of_keyrings_the_good_one_is_used():
    plain, good = PlainFile(), SessionKeyring()
    await Secrets(Chain(plain, good)).set("openai", "canary")
    assert (plain.kept, list(good.kept.values())) == ({}, ["canary"])
    with pytest.raises(NoKeyring):
        await Secrets(Chain(plain)).set("openai", "canary")


class Locked(SessionKeyring):
    def get_password(self, service: str, name: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, name: str, value: str) -> None:
        raise KeyringLocked("locked")


async def test_a_locked_keyring_is_told_and_the_key_lives_until_the_end():
    secrets = Secrets(Locked())
    with pytest.raises(NoKeyring, match="locked"):
        await secrets.set("openai", "canary")
    assert await secrets.get("openai") == "canary"
    problem = (await secrets.status()).problem
    assert problem is not None
    assert "locked" in problem.message


async def test_without_any_keyring_of_the_system_keys_live_in_memory():
    secrets = Secrets()
    with pytest.raises(NoKeyring):
        await secrets.set("openai", "canary")
    assert await secrets.get("openai") == "canary"


async def test_no_key_is_found_in_any_file_of_the_data_folder(open_storage, folder):
    storage = await open_storage()
    await storage.secrets.set("openai", "canary-4711")
    await storage.settings.save(Settings().changed(theme="light"))
    await asyncio.gather(storage.backups.make(), storage.database.saved())
    await storage.aclose()
    files = [path for path in folder.root.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert not any(b"canary-4711" in path.read_bytes() for path in files)
