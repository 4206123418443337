"""Carries out one command: its loop, its errors in one line, its exit code, its signals."""

import argparse
import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from kupuri_desktop.cli.arguments import module_of
from kupuri_desktop.cli.output import Output
from kupuri_desktop.core.errors import KupuriError, UsageError

DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130


def run(options: argparse.Namespace) -> int:
    """Returns 0 for done, 1 for failed, 2 for a wrong use, 130 for stopped."""
    output = Output(options.json)
    # Without a handler of our own, Python would print warnings between our lines.
    logging.getLogger("kupuri_desktop").addHandler(logging.NullHandler())
    try:
        code = _run(module_of(options.command).run(options, output))
        output.flush()
    except UsageError as error:
        output.failure(error)
        return USAGE
    except KupuriError as error:
        output.failure(error)
        output.refusal(error)
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        output.note("kupuri: Stopped. What was made until now is kept.")
        return STOPPED
    except BrokenPipeError:
        _close_stdout()
        return FAILED
    except OSError as error:
        _close_stdout()
        reason = "there is no room left" if error.errno == errno.ENOSPC else error.strerror
        output.note(f"kupuri: The result could not be written: {reason}.")
        return FAILED
    return code


def _run(command: Coroutine[Any, Any, int]) -> int:
    """Runs the command; the first Ctrl+C or SIGTERM cancels it, so that it can clean up."""

    async def supervised() -> int:
        task = asyncio.current_task()
        assert task is not None
        with contextlib.suppress(NotImplementedError, RuntimeError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await command

    return asyncio.run(supervised())


def _close_stdout() -> None:
    """Points stdout at nothing, so that the interpreter's own flush at the end cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
