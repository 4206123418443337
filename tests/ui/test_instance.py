"""One Kupuri per data folder, whatever starts, crashes or sends rubbish."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer
from PySide6.QtNetwork import QLocalSocket

from kupuri_desktop.core.handover import socket_name
from kupuri_desktop.ui.instance import Instance, parse

STARTS = 20

# The first takes the files of all others, then ends; the others hand theirs over.
START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QTimer
from kupuri_desktop.ui.instance import Instance

folder, others, me = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
app = QCoreApplication([])
instance = Instance(folder)
if not instance.claim():
    taken = instance.hand_over([me])
    print("second" if taken else "lost")
    sys.exit(0 if taken else 1)
files = []

def take(asked):
    files.extend(asked)
    if len(files) == others:
        app.quit()

instance.files_asked.connect(take)
instance.listen()
QTimer.singleShot(60_000, lambda: app.exit(3))
code = app.exec()
instance.release()
print("first", *sorted(Path(file).name for file in files))
sys.exit(code)
"""


@pytest.fixture
def instance(qapp: QCoreApplication, tmp_path: Path) -> Iterator[Instance]:
    instance = Instance(tmp_path / "data")
    yield instance
    instance.release()


def _start(folder: Path, name: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", START, str(folder), str(STARTS - 1), name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_many_starts_at_once_one_stays_and_gets_the_files_of_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    processes = [_start(folder, f"file{number:02}") for number in range(STARTS)]
    answers = [process.communicate(timeout=90) for process in processes]
    said = [out.split() for out, _ in answers]
    first = [words for words in said if words and words[0] == "first"]
    second = [words for words in said if words == ["second"]]
    assert (len(first), len(second)) == (1, STARTS - 1), answers
    assert [process.returncode for process in processes] == [0] * STARTS
    assert len(set(first[0][1:])) == STARTS - 1


def test_the_lock_of_a_process_that_crashed_counts_as_free(
    instance: Instance, tmp_path: Path
) -> None:
    crash = """
import os, sys
from pathlib import Path
from kupuri_desktop.ui.instance import Instance
instance = Instance(Path(sys.argv[1]))
assert instance.claim()
instance.listen()
os._exit(9)
"""
    folder = tmp_path / "data"
    ended = subprocess.run([sys.executable, "-c", crash, str(folder)], check=False, timeout=60)
    assert ended.returncode == 9
    assert (folder / "instance.lock").exists()
    assert instance.claim()
    instance.listen()
    assert Path(socket_name(folder)).exists()


def test_only_the_owner_may_speak_through_the_socket(instance: Instance, tmp_path: Path) -> None:
    assert instance.claim()
    instance.listen()
    mode = stat.S_IMODE(os.stat(socket_name(tmp_path / "data")).st_mode)
    assert mode & 0o077 == 0
    assert stat.S_IMODE(os.stat(tmp_path / "data").st_mode) == 0o700


def test_rubbish_on_the_socket_opens_nothing(instance: Instance, tmp_path: Path) -> None:
    assert instance.claim()
    instance.listen()
    heard: list[list[str]] = []
    instance.files_asked.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(socket_name(tmp_path / "data"))
    assert socket.waitForConnected(5000)
    socket.write(b'{"run": "something"}\n')
    socket.flush()
    deadline = QDeadlineTimer(10_000)
    while socket.state() != QLocalSocket.LocalSocketState.UnconnectedState:
        assert not deadline.hasExpired()
        QCoreApplication.processEvents()
        socket.waitForDisconnected(10)
    assert heard == []


@pytest.mark.parametrize(
    "message", [b"", b"[]", b"{}", b'{"open": "x"}', b'{"open": ["relative"]}', b'{"open": [1]}']
)
def test_a_message_of_another_shape_is_none(message: bytes) -> None:
    assert parse(message) is None


def test_a_message_names_absolute_files() -> None:
    assert parse(b'{"open": ["/a/b.png"]}') == ["/a/b.png"]


def test_a_long_data_folder_still_gets_a_socket(tmp_path: Path) -> None:
    assert len(socket_name(tmp_path / ("x" * 200))) <= 100 + len(str(tmp_path))
