"""How providers speak HTTP: which addresses are allowed, past which proxies, how long to wait."""

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from kupuri_desktop.core.errors import Action, Mend, NotAuthorised, ServerUnreachable, UsageError

T = TypeVar("T")

CONNECT_TIMEOUT = 3.0
"""Seconds until a server that does not accept a connection counts as away."""

ANSWER_TIMEOUT = 15.0
"""Seconds for a short question, such as for the list of models."""

IDLE_LIMIT = 600.0
"""Seconds without one byte in a stream. Loading a big model from a slow disk takes minutes."""


def host_of(address: str) -> str:
    """The host of an http or https address, without brackets. Raises UsageError for others."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(
            f"“{address}” is not an address of a server.",
            hint="Write it as http://HOST:PORT.",
            action=Action(Mend.OPEN_SETTINGS, "Open settings"),
        )
    return host


def is_loopback(address: str) -> bool:
    host = host_of(address)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_nearby(address: str) -> bool:
    """Whether the server is this machine or in its local network."""
    host = host_of(address)
    try:
        numeric = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan"))
    return numeric.is_loopback or numeric.is_private


def check_address(address: str) -> None:
    """Lets https through, and http to this machine or its local network.

    Raises UsageError for http to the open internet, where anybody on the way could read along,
    and for link-local addresses, where clouds keep the credentials of their machines.
    """
    host = host_of(address)
    try:
        numeric = ipaddress.ip_address(host)
    except ValueError:
        forbidden = host in ("metadata", "metadata.google.internal")
    else:
        forbidden = numeric.is_link_local or numeric.is_unspecified or numeric.is_multicast
    if forbidden:
        raise UsageError(
            f"Kupuri does not speak to {host}.",
            hint="This address is reserved for the machine's own services.",
            action=Action(Mend.OPEN_SETTINGS, "Open settings"),
        )
    if urlsplit(address).scheme != "https" and not is_nearby(address):
        raise UsageError(
            f"{host} is outside your network and would be spoken to unencrypted.",
            hint="Use an https address.",
            action=Action(Mend.OPEN_SETTINGS, "Open settings"),
        )


def client_options(address: str) -> dict[str, Any]:
    """How an httpx client reaches `address`: a loopback server directly, others as the system says.

    HTTP_PROXY is for the world outside, and the TLS context that plain http does not need takes
    25 ms to build.
    """
    check_address(address)
    if not is_loopback(address):
        return {"trust_env": True}
    if address.startswith("https:"):
        return {"trust_env": False}
    return {
        "trust_env": False,
        "transport": httpx.AsyncHTTPTransport(verify=False, trust_env=False),
    }


def timeouts() -> httpx.Timeout:
    """Seconds to connect; an answer takes as long as it takes, see `until_idle`."""
    return httpx.Timeout(None, connect=CONNECT_TIMEOUT)


def open_client(address: str, headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
    """A client for one server; it belongs to the running loop, and whoever opens it closes it."""
    return httpx.AsyncClient(
        base_url=address,
        headers=dict(headers or {}),
        timeout=timeouts(),
        follow_redirects=False,
        **client_options(address),
    )


async def get_json(
    client: httpx.AsyncClient, path: str, name: str, headers: Mapping[str, str] | None = None
) -> Any:
    """The JSON of a GET; None where the answer is another status than 200, or is not JSON.

    Raises ServerUnreachable, and NotAuthorised for 401 and 403.
    """
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT):
            response = await client.get(path, headers=headers)
    except (TimeoutError, httpx.TransportError) as error:
        raise unreachable(name, str(client.base_url), error) from error
    if response.status_code in (401, 403):
        raise refused(name, response.status_code)
    if response.status_code != 200:
        return None
    try:
        return response.json()
    except ValueError:
        return None


def unreachable(name: str, address: str, error: Exception) -> ServerUnreachable:
    """The words for a server that is not there."""
    address = address.rstrip("/")
    if is_loopback(address):
        return ServerUnreachable(
            f"{name} is not running at {address}.",
            hint=f"Start {name}, then try again.",
            action=Action(Mend.START_SERVER, f"Start {name}", address),
            details=type(error).__name__,
        )
    return ServerUnreachable(
        f"{name} does not answer at {address}.",
        hint="See that the other machine is on and that the address is right.",
        action=Action(Mend.OPEN_SETTINGS, "Open settings"),
        details=type(error).__name__,
    )


def refused(name: str, status: int) -> NotAuthorised:
    """The words for a server that wants a key, or another one."""
    return NotAuthorised(
        f"{name} does not accept the key." if status == 401 else f"{name} refuses to answer.",
        hint="Look at the address and the key in the settings.",
        details=f"HTTP {status}",
    )


async def until_idle(
    source: AsyncIterator[T], limit: float = IDLE_LIMIT
) -> AsyncGenerator[T, None]:
    """The same items; raises TimeoutError when one takes longer than `limit` seconds.

    One timer in all, not one an item: a Qt loop keeps a cancelled timer until its deadline, and
    a stream has thousands of items. Time that the consumer takes does not count.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    waiting_since: float | None = None
    expired = False
    handle: asyncio.TimerHandle | None = None

    def check() -> None:
        nonlocal expired, handle
        since = loop.time() if waiting_since is None else waiting_since
        rest = since + limit - loop.time()
        if rest > 0.001:
            handle = loop.call_later(rest, check)
        elif task is not None:
            expired = True
            task.cancel()

    handle = loop.call_later(limit, check)
    try:
        while True:
            task = asyncio.current_task()
            waiting_since = loop.time()
            try:
                item = await anext(source)
            except StopAsyncIteration:
                return
            except asyncio.CancelledError:
                if not expired or (task is not None and task.uncancel() > 0):
                    raise
                raise TimeoutError(f"nothing came for {limit:g} s") from None
            waiting_since = None
            yield item
    finally:
        handle.cancel()
        close = getattr(source, "aclose", None)
        if close is not None:
            await close()
