"""Settings: where they come from, and what is said about mistakes."""

import os
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from efinbot.bot.settings import Settings, SettingsError
from efinbot.knowledge import SHIPPED

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - from Telegram's manual
OTHER = "220201543:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
PASSWORD = "hunter2-and-more"  # noqa: S105 - made up

Set = Callable[..., None]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without settings."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.upper().startswith("EFINBOT_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Set:
    def set_(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_


def complaint(**overrides: object) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.read(**overrides)
    return str(caught.value)


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.read()
    assert settings.knowledge == SHIPPED
    assert settings.api_url == "https://api.telegram.org"
    assert (settings.token, settings.database_url, settings.operators) == (None, None, frozenset())
    assert (settings.flood_limit, settings.flood_window, settings.flood_pause) == (20, 10, 60)
    assert (settings.command_prefix, settings.free_text) == ("", True)
    assert (settings.feedback, settings.record) == ("private", True)


def test_every_field_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_nearest_source_wins(place: Path, variables: Set) -> None:
    (place / "efinbot.toml").write_text("flood_limit = 1\n")
    assert Settings.read().flood_limit == 1
    (place / ".env").write_text("EFINBOT_FLOOD_LIMIT=2\nHOSTS_OWN=x\n")
    assert Settings.read().flood_limit == 2
    variables(EFINBOT_FLOOD_LIMIT="3")
    assert Settings.read().flood_limit == 3
    assert Settings.read(flood_limit=4).flood_limit == 4


def test_another_toml_file_may_be_named(place: Path, variables: Set) -> None:
    (place / "efinbot.toml").write_text("flood_limit = 1\n")
    (place / "mine.toml").write_text("flood_limit = 2\noperators = [7, 8]\n")
    variables(EFINBOT_CONFIG="mine.toml")
    settings = Settings.read()
    assert (settings.flood_limit, settings.operators) == (2, {7, 8})


@pytest.mark.parametrize("written", ["7", "[7]", '"7"', '["7"]'])
def test_one_operator_may_be_written_in_many_ways(place: Path, written: str) -> None:
    (place / "efinbot.toml").write_text(f"operators = {written}\n")
    assert Settings.read().operators == {7}


def test_operators_of_another_type_are_refused(place: Path) -> None:
    (place / "efinbot.toml").write_text("operators = 2026-11-23\n")
    assert complaint().startswith("efinbot.toml: operators: ")


def test_an_empty_variable_is_not_set(variables: Set) -> None:
    variables(EFINBOT_TOKEN="", EFINBOT_FLOOD_LIMIT="", EFINBOT_OPERATORS="")
    assert Settings.read() == Settings()


def test_a_file_that_a_windows_editor_wrote_is_read(place: Path) -> None:
    (place / ".env").write_bytes(b"\xef\xbb\xbfEFINBOT_FLOOD_LIMIT=2\r\n")
    (place / "efinbot.toml").write_bytes(b"\xef\xbb\xbfflood_pause = 5\r\n")
    settings = Settings.read()
    assert (settings.flood_limit, settings.flood_pause) == (2, 5)


@pytest.mark.parametrize(
    ("written", "ids"),
    [("7", {7}), ("7,8", {7, 8}), (" 7 , 8,", {7, 8}), ("7，8", {7, 8}), ("7 8;7", {7, 8})],
)
def test_operators_are_ids_with_commas_between(variables: Set, written: str, ids: set[int]) -> None:
    variables(EFINBOT_OPERATORS=written)
    assert Settings.read().operators == ids


@pytest.mark.parametrize("url", ["http://127.0.0.1:8081", "https://bots.example/api/v1/"])
def test_the_server_may_be_another(variables: Set, url: str) -> None:
    variables(EFINBOT_API_URL=url)
    assert Settings.read().api_url == url.rstrip("/")


PROXIES = {
    "none": ({}, None),
    "its own": ({"EFINBOT_PROXY": "http://10.0.0.1:7890"}, "http://10.0.0.1:7890"),
    "no scheme": ({"EFINBOT_PROXY": "proxy.corp:7890"}, "http://proxy.corp:7890"),
    "usual port": ({"EFINBOT_PROXY": "socks5://proxy.corp"}, "socks5://proxy.corp:1080"),
    "login": ({"EFINBOT_PROXY": f"socks5://a:{PASSWORD}@[::1]:1080"}, "socks5://[::1]:1080"),
    "curl's name": ({"EFINBOT_PROXY": "socks5h://10.0.0.1:1"}, "socks5://10.0.0.1:1"),
    "the system's": ({"HTTPS_PROXY": "10.0.0.1:8"}, "http://10.0.0.1:8"),
    "lower case": ({"https_proxy": "10.0.0.1:8"}, "http://10.0.0.1:8"),
    "for all": ({"ALL_PROXY": "socks://10.0.0.1:8/"}, "socks5://10.0.0.1:8"),
    "special before all": ({"ALL_PROXY": "a:1", "HTTPS_PROXY": "b:2"}, "http://b:2"),
    "for http alone": ({"HTTP_PROXY": "10.0.0.1:8"}, None),
    "excepted": ({"HTTPS_PROXY": "10.0.0.1:8", "NO_PROXY": "x.org,telegram.org"}, None),
    "all excepted": ({"all_proxy": "10.0.0.1:8", "no_proxy": "*"}, None),
    "own before system's": (
        {"EFINBOT_PROXY": "a:1", "HTTPS_PROXY": "b:2", "NO_PROXY": "*"},
        "http://a:1",
    ),
    "a server on this machine": (
        {"EFINBOT_PROXY": "a:1", "EFINBOT_API_URL": "http://127.0.0.1:8081"},
        None,
    ),
    "localhost": ({"ALL_PROXY": "a:1", "EFINBOT_API_URL": "http://localhost:8081"}, None),
}


@pytest.mark.parametrize(("set_", "used"), PROXIES.values(), ids=PROXIES.keys())
def test_the_bot_api_is_reached_by_a_proxy(
    variables: Set, set_: dict[str, str], used: str | None
) -> None:
    variables(**set_)
    proxy = Settings.read().outgoing_proxy()
    assert (str(proxy) if proxy else None) == used


@pytest.mark.parametrize("name", ["EFINBOT_PROXY", "HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("ftp://10.0.0.1:8", "this kind of proxy isn't supported; use one of: http, https, socks5"),
        ("true", "this is not the address of a proxy; write one like http://127.0.0.1:7890"),
        (f"http://a:{PASSWORD}#@b:1", "special characters of the password as %XX"),
        (f"http://a:{PASSWORD}@b:port", "this is not the address of a proxy"),
        (f"http://a:{PASSWORD}@[b:1", "this is not the address of a proxy"),
        (f"socks5://张:{PASSWORD}@b:1", "may contain only ASCII characters"),
        (f"http://a:{PASSWORD}@b:1/x", "this is not the address of a proxy"),
    ],
)
def test_a_proxy_that_can_not_be_used_is_named_but_not_repeated(
    variables: Set, name: str, value: str, said: str
) -> None:
    variables(**{name: value})
    with pytest.raises(SettingsError) as caught:
        Settings.read().outgoing_proxy()
    told = str(caught.value)
    assert told.startswith(f"{name.upper()}: ")
    assert said in told
    assert PASSWORD not in told


@pytest.mark.parametrize(
    "name",
    ["EFINBOT_SERVICE_HOST", "EFINBOT_SERVICE_PORT_HTTP", "EFINBOT_PORT", "EFINBOT_PORT_80_TCP"],
)
def test_what_kubernetes_sets_is_let_be(variables: Set, name: str) -> None:
    variables(**{name: "tcp://10.0.0.1:80"})
    Settings.read()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EFINBOT_OPERATORS", "ada", "EFINBOT_OPERATORS: 'ada' is not a Telegram user id; write"),
        (
            "EFINBOT_OPERATORS",
            "1,ada",
            "write numbers with commas between them, such as 1234,5678",
        ),
        ("EFINBOT_OPERATORS", "1,-100123,@x", "'-100123', '@x' are not Telegram user ids"),
        ("EFINBOT_OPERATORS", "１２", "'１２' is not a Telegram user id"),
        ("EFINBOT_FEEDBACK", "groups", "'groups' is none of: off, private, everywhere; write one"),
        (
            "EFINBOT_FREE_TEXT",
            "maybe",
            "EFINBOT_FREE_TEXT: 'maybe' is neither true nor false; write one of them",
        ),
        (
            "EFINBOT_FLOOD_LIMIT",
            "many",
            "EFINBOT_FLOOD_LIMIT: 'many' is not a whole number; write one such as 20",
        ),
        ("EFINBOT_FLOOD_LIMIT", "0", "EFINBOT_FLOOD_LIMIT: input should be greater than or equal"),
        (
            "EFINBOT_FLOOD_WINDOW",
            "nan",
            "EFINBOT_FLOOD_WINDOW: 'nan' is not a number of seconds; write one such as 10",
        ),
        (
            "EFINBOT_COMMAND_PREFIX",
            "Fin-",
            "EFINBOT_COMMAND_PREFIX: 'Fin-' can't start the name of a",
        ),
        ("EFINBOT_COMMAND_PREFIX", "a" * 17, "at most 16"),
        ("EFINBOT_KNOWLEDGE", "nowhere", "EFINBOT_KNOWLEDGE: there is no folder 'nowhere'"),
        ("EFINBOT_API_URL", "ftp://x", "EFINBOT_API_URL: 'ftp://x' is not an address"),
        ("EFINBOT_API_URL", "api.telegram.org", "write one like https://api.telegram.org"),
        ("EFINBOT_API_URL", "http://[x", "EFINBOT_API_URL: "),
        ("EFINBOT_API_URL", "https://api.telegram.org/bot", "remove /bot and what follows"),
        ("EFINBOT_TOKN", TOKEN, "there is no such variable; did you mean 'EFINBOT_TOKEN'?"),
        ("EFINBOT_CONFIG", "nowhere.toml", "nowhere.toml can't be read (No such file"),
        ("EFINBOT_CONFIG", ".", ". can't be read (Is a directory)"),
    ],
)
def test_a_mistake_is_named_as_it_was_written(
    variables: Set, name: str, value: str, said: str
) -> None:
    variables(**{name: value})
    told = complaint()
    assert said in told
    assert "pydantic" not in told
    assert "\n" not in told
    assert TOKEN not in told


def test_all_mistakes_are_told_at_once(place: Path, variables: Set) -> None:
    variables(EFINBOT_FLOOD_LIMIT="many", EFINBOT_OPRATORS="1")
    (place / ".env").write_text("EFINBOT_FREE_TEXT=maybe\n")
    (place / "efinbot.toml").write_text('flood_pause = "long"\nflod_window = 3\n')
    lines = complaint(command_prefix="!", colour="red").splitlines()
    assert [line.partition(";")[0] for line in sorted(lines)] == [
        "EFINBOT_FLOOD_LIMIT: 'many' is not a whole number",
        "EFINBOT_FREE_TEXT: 'maybe' is neither true nor false",
        "EFINBOT_OPRATORS: there is no such variable",
        "command_prefix: '!' can't start the name of a command",
        "efinbot.toml: flood_pause: 'long' is not a number",
        "efinbot.toml: there is no setting 'flod_window'",
        "there is no setting 'colour'",
    ]


@pytest.mark.parametrize("content", [b'token = "%s' % TOKEN.encode(), b"\xff\xfe", b"a = 1\na = 2"])
def test_a_damaged_toml_file_is_named_but_not_quoted(place: Path, content: bytes) -> None:
    (place / "efinbot.toml").write_bytes(content)
    told = complaint()
    assert told.startswith("efinbot.toml")
    assert TOKEN not in told


def test_a_dotenv_file_in_another_encoding_is_named(place: Path) -> None:
    (place / ".env").write_bytes("EFINBOT_TOKEN=号".encode("gbk"))
    assert complaint() == ".env is not UTF-8 text; save it as UTF-8"


@pytest.mark.parametrize(
    "written", [TOKEN, f" {TOKEN}\n", "1234:" + "x" * 35], ids=["plain", "blanks", "short id"]
)
def test_a_token_comes_from_a_variable_or_a_file(place: Path, variables: Set, written: str) -> None:
    assert Settings.read(token=written).bot_token().get_secret_value() == written.strip()
    (place / "secret").write_text(written)
    variables(EFINBOT_TOKEN_FILE=str(place / "secret"))
    assert Settings.read().bot_token().get_secret_value() == written.strip()


def test_a_token_file_is_read_anew_each_time(place: Path) -> None:
    (place / "secret").write_text(TOKEN)
    settings = Settings.read(token_file=place / "secret")
    assert settings.bot_token().get_secret_value() == TOKEN
    (place / "secret").write_text(OTHER)
    assert settings.bot_token().get_secret_value() == OTHER


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({}, "@BotFather"),
        ({"token": TOKEN, "token_file": "secret"}, "are both set; keep one"),
        ({"token_file": "nowhere"}, "nowhere can't be read (No such file"),
        ({"token_file": "empty"}, "empty has no bot token"),
        ({"token": TOKEN[:20]}, "EFINBOT_TOKEN has no bot token"),
        ({"token": f'"{TOKEN}"'}, "without quotes"),
        ({"token": TOKEN.replace(":", "")}, "EFINBOT_TOKEN has no bot token"),
        ({"token": f"{TOKEN}\n{OTHER}"}, "EFINBOT_TOKEN has no bot token"),
    ],
    ids=["none", "two", "no file", "empty file", "cut off", "quotes", "no colon", "two in one"],
)
def test_without_a_usable_token_the_fix_is_told(
    place: Path, overrides: dict[str, str], said: str
) -> None:
    (place / "empty").touch()
    settings = Settings.read(**overrides)
    with pytest.raises(SettingsError) as caught:
        settings.bot_token()
    told = "".join(traceback.format_exception(caught.value))
    assert said in told
    assert not any(part in told for part in (TOKEN[:20], TOKEN[10:], OTHER))


def test_secrets_are_never_printed(place: Path, variables: Set) -> None:
    variables(EFINBOT_TOKEN=TOKEN, EFINBOT_DATABASE_URL=f"postgresql://a:{PASSWORD}@db/state")
    variables(EFINBOT_PROXY=f"http://a:{PASSWORD}@proxy:1")
    (place / "efinbot.toml").write_text("flood_limit = 5\n")
    settings = Settings.read()
    shown = [str(settings), repr(settings), str(settings.model_dump()), settings.model_dump_json()]
    variables(EFINBOT_FLOOD_LIMIT="many")
    shown.append(complaint())
    with pytest.raises(ValidationError) as caught:
        Settings()
    shown.append("".join(traceback.format_exception(caught.value)))
    assert not any(secret in text for text in shown for secret in (TOKEN, PASSWORD))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", [TOKEN]),
        ("database_url", {"password": PASSWORD}),
        ("knowledge", TOKEN),
        ("api_url", f"https://me:{PASSWORD}@bots.example"),
        ("api_url", f"https://api.telegram.org/bot{TOKEN}"),
        ("operators", [TOKEN]),
    ],
)
def test_a_secret_in_a_wrong_place_is_not_repeated(name: str, value: object) -> None:
    told = complaint(**{name: value})
    assert told.startswith(f"{name}: ")
    assert not any(secret in told for secret in (TOKEN, PASSWORD))


def test_a_tilde_is_the_home_folder_in_every_path(
    place: Path, variables: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(place))
    (place / "mine").mkdir()
    (place / "secret").write_text(TOKEN)
    (place / "my.toml").write_text('knowledge = "~/mine"\ntoken_file = "~/secret"\n')
    variables(EFINBOT_CONFIG="~/my.toml", EFINBOT_DATABASE_URL="sqlite:///~/state.db")
    settings = Settings.read()
    assert settings.knowledge == place / "mine"
    assert settings.bot_token().get_secret_value() == TOKEN
    assert settings.state_url() == f"sqlite:///{place}/state.db"


@pytest.mark.parametrize("name", ["KNOWLEDGE", "TOKEN_FILE", "CONFIG", "DATABASE_URL"])
def test_a_tilde_without_a_home_folder_is_told(variables: Set, name: str) -> None:
    path = "~nobody-at-all/x"
    variables(**{f"EFINBOT_{name}": f"sqlite:///{path}" if name == "DATABASE_URL" else path})
    with pytest.raises(SettingsError, match=f"'{path}' can't be found: there is no home folder"):
        Settings.read().state_url()


def test_by_default_the_state_is_a_file_of_the_user(variables: Set) -> None:
    variables(XDG_DATA_HOME="/srv/data")
    assert Settings.read().state_url() == "sqlite:////srv/data/efinbot/state.sqlite3"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:////srv/x", "postgresql+asyncpg://a@b/~c"])
def test_other_databases_are_taken_as_they_are(url: str) -> None:
    assert Settings.read(database_url=url).state_url() == url


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings.read().flood_limit = 3  # pyright: ignore[reportAttributeAccessIssue]
