"""The virtual environment `.venv`: made, filled from a lock with hashes, and mended."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "kupuri.json"
UNFINISHED = FOLDER / "unfinished"
NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectionError|name resolution|Name or service not known|"
    r"Network is unreachable|Connection refused|timed out|getaddrinfo failed|from versions: none"
)


class SetupError(Exception):
    """A machine on which we cannot go on; the text is one line that says how to mend it."""


def say(text: str) -> None:
    """To stderr, for stdout belongs to what is run."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def ready(lock: str) -> Path:
    """The Python of a `.venv` that holds all of `lock` ("run" or "dev"); installs only on a change.

    An environment that once had the developers' packages keeps them. Raises SetupError.
    """
    with exclusive("the environment"):
        python = interpreter(FOLDER)
        if UNFINISHED.exists() or not works(python):
            say(f"making {FOLDER.name} with Python {sys.version.split()[0]} ...")
            create(FOLDER)
        stamp = read_stamp()
        if stamp.get("lock") == "dev":
            lock = "dev"
        digest = hashlib.sha256(lock_file(lock).read_bytes()).hexdigest()
        packages = site_packages(FOLDER)
        present = {folder.name for folder in packages.glob("*.dist-info")}
        if stamp.get("sha256") != digest or not present.issuperset(stamp["packages"]):
            install(python, lock)
            present = {folder.name for folder in packages.glob("*.dist-info")}
            stamp = {"lock": lock, "sha256": digest, "packages": sorted(present)}
            STAMP.write_text(json.dumps(stamp), encoding="utf-8")
        # Stands for an editable install, without a build and from any working folder.
        link = packages / "kupuri_tree.pth"
        if not link.exists() or link.read_text(encoding="utf-8") != f"{ROOT}\n":
            link.write_text(f"{ROOT}\n", encoding="utf-8")
        return python


def lock_file(lock: str) -> Path:
    return ROOT / "packaging" / "lock" / f"{lock}.txt"


def interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def site_packages(folder: Path) -> Path:
    if sys.platform == "win32":
        return folder / "Lib" / "site-packages"
    return next(folder.glob("lib/python*/site-packages"))


def works(python: Path) -> bool:
    """Whether the environment's Python starts, is new enough, and has a pip."""
    probe = (
        "import sys, importlib.util as u;"
        "sys.exit(sys.version_info < (3, 11) or not u.find_spec('pip'))"
    )
    try:
        return subprocess.run([python, "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def create(folder: Path) -> Path:
    """Makes an empty environment in `folder`, whatever was there, and returns its Python."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    # dev.py may have been started by the very environment that is made anew.
    base = getattr(sys, "_base_executable", None) or sys.executable
    answer = subprocess.run(
        [base, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True
    )
    if answer.returncode != 0:
        lines = (answer.stdout + answer.stderr).strip().splitlines() or ["no reason given"]
        raise SetupError(f"Python could not make the environment {folder.name}: {lines[-1]}")
    return interpreter(folder)


def read_stamp() -> dict[str, str | list[str]]:
    """What was installed last: lock, its sha256, packages; empty if that is not known."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return {key: stamp[key] for key in ("lock", "sha256", "packages")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def install(python: Path, lock: str) -> None:
    """Installs all of `lock`, wheels with a known hash only, in one line of progress."""
    requirements = lock_file(lock)
    total = len(re.findall(r"^\w", requirements.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"installing {total} packages of packaging/lock/{requirements.name} ...")
    UNFINISHED.touch()
    command = [str(python), "-m", "pip", "install", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--no-input", "--disable-pip-version-check"]
    pip = subprocess.Popen(
        [*command, "-r", str(requirements)],
        env=os.environ | {"PIP_USER": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    count = 0
    assert pip.stdout is not None
    for line in pip.stdout:
        lines.append(line)
        count += line.startswith(("Collecting ", "Ignoring ", "Requirement already "))
        if sys.stderr.isatty():
            name = re.split(r"[ =:]", line, maxsplit=2)[1:2]
            print(
                f"\r\x1b[K  {count}/{total} {' '.join(name)}", end="", file=sys.stderr, flush=True
            )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if pip.wait() == 0:
        UNFINISHED.unlink()
        return
    text = "".join(lines)
    if NO_NETWORK.search(text):
        UNFINISHED.unlink()  # all is fetched before anything is installed: nothing was touched
        raise SetupError(
            "The packages could not be fetched. Is there a network connection? Try again."
        )
    errors = [line.strip() for line in lines if line.startswith("ERROR")] or lines[-1:]
    raise SetupError(f"pip could not install packaging/lock/{lock}.txt: {' '.join(errors)[:500]}")


def index_options(python: Path) -> list[str]:
    """The package indexes of this machine's pip, in the words of uv.

    Folders are left out: they hold the wheels of one machine, and a lock is for all.
    """
    answer = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    # pip takes the best version of all indexes; uv would take the first that knows the name.
    options = ["--index-strategy=unsafe-best-match"]
    for line in answer.splitlines():
        key, _, value = line.partition("=")
        option = key.rpartition(".")[2]
        if option in ("index-url", "extra-index-url"):
            places = value.strip("'\"").split()
            options += [f"--{option}={place}" for place in places if place.startswith("http")]
    return options


@contextmanager
def exclusive(what: str) -> Iterator[None]:
    """One dev.py at a time; the system drops the lock with its process, so none is ever stale."""
    with open(ROOT / ".venv.lock", "a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            def take() -> None:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            def take() -> None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

        waiting = False
        while True:
            try:
                take()
                break
            except OSError:
                pass
            if not waiting:
                say(f"another dev.py is busy with {what}; waiting for it ...")
                waiting = True
            time.sleep(0.2)
        yield
