"""Hostile bundles are refused with a sentence, change nothing and touch nothing outside."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from kupuri_desktop.core.errors import HostileFile
from tests.unit.workspace.transfer.hostile_zips import FAMILIES, Hostile, mutations
from tests.unit.workspace.transfer.makers import fill

MOST_MEMORY = 1024 * 2**20
MUTATIONS = 300


@pytest.fixture
async def good(storage, transfer, tmp_path: Path) -> bytes:
    filled = await fill(storage)
    place = tmp_path / "files"
    place.mkdir()
    written = await transfer.export(filled.project, place / "good.kupuri", lambda fraction: None)
    data = written.path.read_bytes()
    written.path.unlink()
    return data


def files_below(folder: Path) -> set[Path]:
    """All but the data folder's own."""
    return {path for path in folder.rglob("*") if "data" not in path.relative_to(folder).parts}


def kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def refusals(hostile: Iterator[Hostile], tmp_path: Path, take_in) -> list[str]:
    """The names of those that were taken in; each refusal must be one, with its sentence."""
    taken: list[str] = []
    for each in hostile:
        path = tmp_path / "files" / "hostile.kupuri"
        path.write_bytes(each.data)
        try:
            await take_in(path)
        except HostileFile as error:
            assert error.message, each.name
            assert error.kept == "Nothing was changed."
        else:
            taken.append(each.name)
        finally:
            path.unlink()
    return taken


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
async def test_none_of_a_family_is_taken_and_nothing_changes(
    family, good, tmp_path, take_in, counted
):
    before, files, memory = await counted(), files_below(tmp_path), kilobytes()
    assert await refusals(family(good), tmp_path, take_in) == []
    assert await counted() == before
    assert files_below(tmp_path) == files
    assert (kilobytes() - memory) * 1024 < MOST_MEMORY


def test_there_are_more_than_two_hundred_of_them(good):
    assert sum(1 for family in FAMILIES for _ in family(good)) > 200


async def test_any_change_of_bytes_is_taken_wholly_or_refused(good, tmp_path, take_in, counted):
    before, files = await counted(), files_below(tmp_path)
    taken = await refusals(mutations(good, MUTATIONS), tmp_path, take_in)
    after = await counted()
    assert after["project"] == before["project"] + len(taken)
    assert after["item"] == before["item"] + 7 * len(taken)
    assert after["asset"] == before["asset"]
    assert files_below(tmp_path) == files
    assert len(taken) < MUTATIONS / 2
