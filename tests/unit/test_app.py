"""What the app asks, and whom it leaves alone."""

from kupuri_desktop.app import address_of, providers
from kupuri_desktop.core.settings import Settings


async def no_secret(name: str) -> None:
    return None


def names(settings: Settings, environment: dict[str, str]) -> list[str]:
    llms, engines = providers(settings, environment, no_secret)
    return [llm.provider for llm in llms] + [engine.provider for engine in engines]


def test_local_servers_come_before_the_builtin_ones():
    assert names(Settings(), {}) == ["ollama", "builtin", "comfyui", "builtin"]


def test_the_environment_goes_before_the_settings():
    settings = Settings(ollama_url="http://127.0.0.1:1")
    assert address_of("ollama", settings, {}) == "http://127.0.0.1:1"
    assert address_of("ollama", settings, {"OLLAMA_HOST": "host:2"}) == "host:2"
    both = {"OLLAMA_HOST": "host:2", "KUPURI_OLLAMA_URL": "http://host:3"}
    assert address_of("ollama", settings, both) == "http://host:3"


def test_offline_leaves_out_whoever_is_not_on_this_machine():
    away = Settings(
        offline=True,
        ollama_url="http://192.168.1.2:11434",
        comfyui_url="http://192.168.1.2:8188",
        openai_url="https://api.example.com/v1",
    )
    assert names(away, {}) == ["builtin", "builtin"]
    here = Settings(offline=True, openai_url="http://127.0.0.1:8080/v1")
    assert names(here, {}) == ["ollama", "openai", "builtin", "comfyui", "builtin"]


async def test_an_address_that_is_none_shows_as_such_and_nothing_else_ends():
    settings = Settings(ollama_url="not an address", comfyui_url="nor this")
    llms, engines = providers(settings, {}, no_secret)
    statuses = [await each.status() for each in llms] + [await each.status() for each in engines]
    for llm in llms:
        await llm.aclose()
    for engine in engines:
        await engine.aclose()
    assert [status.ok for status in statuses] == [False, True, False, True]
    assert all(status.problem.hint for status in statuses if status.problem)
