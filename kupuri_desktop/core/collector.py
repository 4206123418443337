"""Holds Python's garbage collector off while very many objects come at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_off() -> Iterator[None]:
    """No collection inside, in whatever thread. Those that overlap end each other early at worst.

    Tens of thousands of new objects set it off again and again for nothing: they are in use. Each
    time all threads wait, a tenth of a second where there are 50,000 items.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
