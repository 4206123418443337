"""What all tests share: the loop of each folder, a machine without a past, and `--live`."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest

TESTS = Path(__file__).parent
QT_FOLDERS = {"ui", "e2e"}
SERVERS = ("KUPURI_OLLAMA_URL", "OLLAMA_HOST", "KUPURI_COMFYUI_URL", "KUPURI_OPENAI_URL")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test that wants a Secret Service starts one; none may reach the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["LANGSMITH_TRACING"] = "false"
# A proxy is no way to a server of our own.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

hypothesis.settings.register_profile("kupuri", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("kupuri")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--live",
        action="store_true",
        help=f"run the tests against real servers too, named by {', '.join(SERVERS)}",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --live the tests against real servers are left out, not skipped."""
    if config.getoption("--live"):
        return
    live = [item for item in items if item.get_closest_marker("live")]
    config.hook.pytest_deselected(items=live)
    items[:] = [item for item in items if item not in live]


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests of the Qt face run on the app's own loop, all others on plain asyncio."""
    folder = item.path.relative_to(TESTS).parts[0]
    if folder in QT_FOLDERS:
        return {"qt": desktop_loop}
    return {"asyncio": asyncio.new_event_loop}


def desktop_loop() -> asyncio.AbstractEventLoop:
    # Late, for tests of the other rooms must pass where there is no Qt face.
    from PySide6.QtWidgets import QApplication

    from kupuri_desktop.ui.loop import DesktopLoop

    return DesktopLoop(QApplication.instance() or QApplication([]))


@pytest.fixture(autouse=True)
def no_past(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty data folder, and no server of this machine, whatever the environment says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUPURI_DATA", str(tmp_path / "data"))
        if not request.node.get_closest_marker("live"):
            for name in SERVERS:
                patch.delenv(name, raising=False)
        yield
