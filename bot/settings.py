"""The settings: what they are, and where they are read from."""

import os
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Final, Self

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from ..knowledge import SHIPPED, did_you_mean
from ..knowledge.messages import joined, message
from .folders import expanded, user_folder
from .proxy import Proxy, ProxyError, is_local, system_proxy
from .redaction import TOKEN, hide_tokens
from .setting_types import (
    CommandPrefix,
    File,
    Folder,
    ProxyAddress,
    ServerAddress,
    UserIds,
    WebhookAddress,
)

_PREFIX: Final = "EFINBOT_"
_CONFIG: Final = "EFINBOT_CONFIG"
_DOTENV: Final = Path(".env")
_TOML: Final = Path("efinbot.toml")
_ORCHESTRATED: Final = re.compile(r"EFINBOT_(SERVICE_(HOST|PORT)|PORT$|PORT_[0-9]).*")
"""What Kubernetes sets in every container when a service is called efinbot."""
_TYPE_PROBLEMS: Final = {
    "bool_parsing": "settings.not_true_or_false",
    "int_parsing": "settings.not_whole",
    "int_from_float": "settings.not_whole",
    "float_parsing": "settings.not_a_number",
    "finite_number": "settings.not_seconds",
    "enum": "settings.not_one_of",
    "greater_than": "settings.too_small",
    "greater_than_equal": "settings.below_least",
}
"""What pydantic finds, and the message for it."""


class SettingsError(Exception):
    """The settings can't be used.

    Args:
        problems: A line for each; a token in it is masked, wherever it was put by mistake.
    """

    def __init__(self, problems: str) -> None:
        super().__init__(hide_tokens(problems))


class Feedback(StrEnum):
    """Where people can vote on answers."""

    OFF = "off"
    PRIVATE = "private"
    EVERYWHERE = "everywhere"


class Settings(BaseSettings):
    """All settings. What comes first wins: arguments, environment, ``.env``, TOML, defaults.

    A variable's name is the field's in capitals after ``EFINBOT_``; the TOML file, ``efinbot.toml``
    or what ``EFINBOT_CONFIG`` names, uses the fields' own names.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=_DOTENV,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(None, description="The bot's token, from @BotFather.")
    token_file: File | None = Field(None, description="A file that holds the token.")
    api_url: ServerAddress = Field(
        "https://api.telegram.org", description="Root of the Bot API server."
    )
    proxy: ProxyAddress | None = Field(
        None,
        description="Proxy through which efinbot run reaches the Bot API; by default the system's.",
    )
    knowledge: Folder = Field(SHIPPED, description="Folder of knowledge YAML.")
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the state; by default SQLite in the user's data folder.",
    )
    operators: UserIds = Field(
        frozenset(), description="Telegram ids of those who may use the operators' commands."
    )
    command_prefix: CommandPrefix = Field(
        "", description="Prefix of every command's name, for a host with commands of its own."
    )
    free_text: bool = Field(
        default=True,
        description="Answer plain messages, besides commands, buttons and inline questions.",
    )
    feedback: Feedback = Field(
        Feedback.PRIVATE,
        description="Where 👍 and 👎 are shown below answers, and reactions count.",
    )
    reload_webhook: WebhookAddress = Field(
        "", description="URL to which the result of each edit of the knowledge is posted as JSON."
    )
    record: bool = Field(
        default=True, description="Keep the questions that were missed, without names."
    )
    flood_limit: int = Field(
        20, ge=1, description="Messages that one person may send within flood_window."
    )
    flood_window: float = Field(
        10,
        gt=0,
        allow_inf_nan=False,
        description="Seconds in which flood_limit messages may be sent.",
    )
    flood_pause: float = Field(
        60,
        ge=0,
        allow_inf_nan=False,
        description="Seconds for which somebody who sent more gets no answer.",
    )

    @classmethod
    def read(cls, **overrides: object) -> Self:
        """Read the settings and check them all.

        Args:
            overrides: Fields that win over whatever is set elsewhere.

        Raises:
            SettingsError: Something is wrong, or has a name that doesn't exist; all is reported.
        """
        origins = _SettingOrigins(overrides)
        problems = origins.problems()
        try:
            settings = cls(**overrides)  # pyright: ignore[reportArgumentType] - checked by pydantic
        except ValidationError as error:
            settings = None
            problems += [origins.problem(e) for e in error.errors(include_url=False)]
        if settings is None or problems:
            raise SettingsError("\n".join(problems))
        return settings

    def bot_token(self) -> SecretStr:
        """Return the token, given directly or in a file.

        Raises:
            SettingsError: There is none, there are two, or it doesn't look like one.
        """
        if self.token and self.token_file:
            raise SettingsError(message("settings.two_tokens"))
        if self.token_file:
            origin, token = str(self.token_file), _content(self.token_file)
        elif self.token:
            origin, token = "EFINBOT_TOKEN", self.token.get_secret_value()
        else:
            raise SettingsError(message("settings.no_token"))
        if not TOKEN.fullmatch(token.strip()):
            raise SettingsError(message("settings.not_a_token", origin=origin))
        return SecretStr(token.strip())

    def state_url(self) -> str:
        """Return the SQLAlchemy URL of the state; by default a SQLite file of the user's.

        Raises:
            SettingsError: The user has no home folder to keep it in.
        """
        if self.database_url:
            url = self.database_url.get_secret_value()
            scheme, home, path = url.partition(":///~")
            if not home or not scheme.startswith("sqlite"):
                return url
            try:
                return f"{scheme}:///{expanded(Path(f'~{path}'))}"
            except ValueError as error:
                raise SettingsError(str(error)) from None
        folder = user_folder("data")
        if folder is None:
            raise SettingsError(message("settings.no_data_folder"))
        return f"sqlite:///{folder / 'state.sqlite3'}"

    def outgoing_proxy(self) -> Proxy | None:
        """Return the proxy by which the Bot API is reached; see `proxy_for`."""
        return self.proxy_for(self.api_url)

    def proxy_for(self, url: str) -> Proxy | None:
        """Return the proxy by which an address is reached; None for one on this machine.

        Raises:
            SettingsError: That of the system can't be used.
        """
        if is_local(url):
            return None
        if self.proxy:
            return Proxy.parse(self.proxy.get_secret_value())
        try:
            return system_proxy(url)
        except ProxyError as error:
            raise SettingsError(str(error)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the strongest first."""
        toml = InitSettingsSource(settings_cls, dict(_toml(_config_file())))
        return init_settings, env_settings, dotenv_settings, toml


class _SettingOrigins:
    """What stands where, for messages that name things as the operator wrote them."""

    def __init__(self, overrides: Mapping[str, object]) -> None:
        self.config = _config_file()
        self.variables = {
            name.upper()
            for name in (*os.environ, *_dotenv())
            if name.upper().startswith(_PREFIX) and not _ORCHESTRATED.fullmatch(name.upper())
        }
        self.table = _toml(self.config)
        self.overrides = overrides

    def problems(self) -> list[str]:
        """Say which names don't exist."""
        fields = Settings.model_fields
        known = {_CONFIG, *(_variable(field) for field in fields)}
        variables = [
            message("settings.no_variable", name=name, fix=did_you_mean(name, known))
            for name in sorted(self.variables - known)
        ]
        settings = [
            f"{origin}{message('settings.no_setting', name=name, fix=did_you_mean(name, fields))}"
            for origin, names in ((f"{self.config}: ", self.table), ("", self.overrides))
            for name in names
            if name not in fields
        ]
        return variables + settings

    def problem(self, error: ErrorDetails) -> str:
        """Say what pydantic has found, in the operator's words."""
        field = str(error["loc"][0])
        cause = error.get("ctx", {}).get("error")
        if cause:
            return f"{self._name(field)}: {cause}"
        key = _TYPE_PROBLEMS.get(error["type"])
        if key and "Secret" not in str(Settings.model_fields[field].annotation):
            limits = error.get("ctx", {})
            known = joined(re.findall("'(.*?)'", limits.get("expected", "")))
            told = message(key, **{"value": error["input"], "known": known, **limits})
            return f"{self._name(field)}: {told}"
        return f"{self._name(field)}: {error['msg'][0].lower()}{error['msg'][1:]}"

    def _name(self, field: str) -> str:
        if field in self.overrides:
            return field
        if (variable := _variable(field)) in self.variables:
            return variable
        return f"{self.config}: {field}"


def _variable(field: str) -> str:
    return f"{_PREFIX}{field.upper()}"


def _dotenv() -> Mapping[str, str | None]:
    return dotenv_values(stream=StringIO(_content(_DOTENV))) if _DOTENV.is_file() else {}


def _config_file() -> Path:
    named = os.environ.get(_CONFIG) or _dotenv().get(_CONFIG)
    try:
        return expanded(Path(named)) if named else _TOML
    except ValueError as error:
        problem = f"{_CONFIG}: {error}"
    raise SettingsError(problem)


def _toml(path: Path) -> Mapping[str, object]:
    if path == _TOML and not path.exists():
        return {}
    try:
        return tomllib.loads(_content(path))
    except tomllib.TOMLDecodeError as error:
        # The message's beginning may quote a line; its end is where that line is.
        where = re.search(r"\(at [^()]+\)$", str(error))
        problem = message("settings.no_toml", path=path, where=where.group() if where else "")
    raise SettingsError(problem.strip())


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = message("settings.unreadable", path=path, cause=error.strerror)
    except UnicodeDecodeError:
        problem = message("settings.no_text", path=path)
    raise SettingsError(problem)
