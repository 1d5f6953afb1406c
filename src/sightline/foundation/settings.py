"""All settings, one typed tree. Each part of Sightline gets only its branch; the environment is read once.

Precedence: environment (`SIGHTLINE_HTTP__PORT=8400`), then `sightline.toml` in the working folder or the file named by
`SIGHTLINE_CONFIG`, then `sightline.toml` in `home`, then the defaults below. The docstrings below are the
documentation of each setting; `docs/settings.toml` is written from them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from sightline.foundation import settings_errors
from sightline.language.errors import Misconfigured

FILE = "sightline.toml"


def default_home() -> Path:
    """Where data live by default: root's home cannot be entered by the server's user, so root's lie elsewhere."""
    if os.geteuid() == 0:
        return Path("/var/lib/sightline")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "sightline"


class Branch(BaseModel):
    """A part of the tree: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:
        return without_blanks(cls, given)


def without_blanks(model: type[BaseModel], given: Any) -> Any:
    """Leave out `name = ""` where there is no text to be had by default: that is how files and containers say none."""
    if not isinstance(given, dict):
        return given
    optional = {n for n, f in model.model_fields.items() if f.default is None or f.default_factory is not None}
    return {name: value for name, value in given.items() if value != "" or name not in optional}


class DatabaseSettings(Branch):
    """The system of record."""

    url: SecretStr | None = None
    """URL of a PostgreSQL 15 or later, as its owner (postgresql://...). Empty: an embedded server in `home`.
    Best a database of Sightline's own: the right to make temporary tables in it is taken from PUBLIC.
    """

    app_url: SecretStr | None = None
    """URL of the same database as the role `sightline_app`, where the owner may not set that role's password."""

    port: int | None = Field(default=None, ge=1024, le=65535)
    """Port of the embedded server on loopback. Empty: a free one is chosen and kept."""

    pool: int = Field(default=10, ge=1, le=200)
    """Connections each process keeps open."""


class HttpSettings(Branch):
    """The HTTP interface."""

    host: str = Field(default="127.0.0.1", min_length=1)
    """Address to listen on. Anything but loopback should stand behind a proxy with TLS."""

    port: int = Field(default=8321, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""

    max_body: int = Field(default=32 * 1024 * 1024, ge=1024)
    """Bytes a request body may have."""

    requests_per_minute: int = Field(default=6_000, ge=1)
    """Requests a minute by one token or session; recording events is not counted."""

    max_file: int = Field(default=10 * 1024**3, ge=1024)
    """Bytes a file may have that is sent in to be imported."""

    max_hook_body: int = Field(default=1024 * 1024, ge=1024)
    """Bytes a message may have that is posted to a hook."""

    hook_messages_per_minute: int = Field(default=6_000, ge=1)
    """Messages a minute to one hook, by each process."""

    public_url: str | None = None
    """URL under which people elsewhere reach this server, such as https://sightline.example.com. Links in e-mails and
    chats lead there, and webhooks and Slack post there; empty: who wants no more e-mails is told to answer.
    """

    @field_validator("public_url")
    @classmethod
    def _is_https(cls, given: str | None) -> str | None:
        parts = urlsplit(given or "https://x")
        if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or not parts.path.isascii():
            raise ValueError("an address such as https://sightline.example.com is needed")
        return given and given.rstrip("/")


class VaultSettings(Branch):
    """Personal data."""

    master_key: SecretStr | None = None
    """64 hexadecimal digits. Empty: a key is made once and kept in `home/keys/master.key`; back that file up apart."""

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and not settings_errors.KEY.fullmatch(given.get_secret_value()):
            raise ValueError("64 hexadecimal digits are needed (make some with `openssl rand -hex 32`)")
        return given


class PredictSettings(Branch):
    """Models and proofs."""

    seed: int = 0
    """Seed of everything random in training and proving: the same data and seed give the same model."""

    promise: float = Field(default=0.95, gt=0.5, lt=1)
    """Precision beyond which Sightline may act by itself."""

    live: int = Field(default=200_000, ge=0)
    """Subjects of a question up to which they are kept in the worker's memory, so that an event re-scores them at once
    (1 to 2 GB for 200,000). Above it, and for 0, everybody is scored anew at each batch of events.
    """

    budget: float = Field(default=240, ge=10)
    """Seconds of two cores that choosing and judging a model may take. Where they do not suffice, fewer kinds of model
    and fewer folds of its back-test are tried, and its proof says so.
    """

    extras: bool = False
    """Whether CatBoost is tried too, behind all other kinds of model. It takes as long as all of them together, and
    needs `pip install 'sightline[catboost]'`.
    """


class ActSettings(Branch):
    """Playbooks."""

    hold_out: float = Field(default=0.10, ge=0, le=0.5)
    """Share of contacted parties kept back as control, so that the effect of acting can be measured."""

    contacts_per_week: int | None = Field(default=None, ge=1)
    """At most so often is anybody spoken to within seven days, by all playbooks together. Not set: as often as
    they say. What goes to paper speaks to nobody.
    """

    operator_limit: float | None = Field(default=None, ge=0)
    """Money at stake up to which an operator may approve what the inbox asks; more needs an owner. Not set: any."""

    keep_runs_days: int = Field(default=365, ge=1)
    """Runs, and what people were asked, are kept so long after their end; what was decided, answered and done stays in
    the ledger.
    """

    keep_told_days: int = Field(default=30, ge=1)
    """What destinations were told of events is kept in the outbox so long; the ledger keeps the events, and they can be
    told again.
    """

    allow_networks: tuple[str, ...] = ()
    """Networks that webhooks and mail may be sent to though they are not public, such as ["10.1.0.0/16"]. Whoever may
    add a destination can then reach what is in them, and a mail server in them need not encrypt.
    """

    trusted_certificates: Path | None = None
    """File of certificates (PEM) that webhooks and mail servers may show besides those that this machine trusts."""

    @field_validator("allow_networks")
    @classmethod
    def _are_networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ip_network(one)
        return given


class ClientSettings(Branch):
    """Commands that are to work on another machine's server."""

    url: str | None = Field(default=None, min_length=1)
    """URL of a server, such as https://sightline.example.com: commands then ask it instead of opening `home`."""

    token: SecretStr | None = None
    """Token for that server: an API key (`sightline keys add`), or the owner's (`sightline token`)."""


class LogSettings(Branch):
    """Logs, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "warning"
    """Least severity that is written."""

    form: Literal["console", "json"] = "console"
    """For people, or one JSON object a line."""


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix="SIGHTLINE_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    home: Path = Field(default_factory=default_home)
    """Folder of all data: database, lake, keys. Default: ~/.local/share/sightline; for root /var/lib/sightline."""

    workspace: str | None = None
    """Workspace that commands work in. Empty: the one used last (see `sightline workspace`)."""

    data: Path | None = None
    """Folder of the data sets that may not ship: `sightline demo --business customers` says what belongs there."""

    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    vault: VaultSettings = VaultSettings()
    predict: PredictSettings = PredictSettings()
    act: ActSettings = ActSettings()
    client: ClientSettings = ClientSettings()
    log: LogSettings = LogSettings()

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:
        return without_blanks(cls, given)

    @field_validator("home")
    @classmethod
    def _is_absolute(cls, given: Path) -> Path:
        return Path(os.path.abspath(given.expanduser()))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values, then the environment, then the files, the nearest first."""
        given = init_settings().get("home") or os.environ.get("SIGHTLINE_HOME") or default_home()
        files = (TomlConfigSettingsSource(settings_cls, toml_file=file) for file in files_for(Path(given)))
        return init_settings, env_settings, *files

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Read the settings. Raises Misconfigured that names each wrong one, its value, and what was allowed."""
        settings_errors.check_environment(os.environ, cls)
        try:
            return cls(**given)
        except ValidationError as error:
            raise settings_errors.told(error, cls) from None
        except SettingsError as error:
            raise Misconfigured(f"{error}.", hint=settings_errors.HINT) from None


def files_for(home: Path) -> Iterator[Path]:
    """The settings files that exist, the one that wins first. Raises Misconfigured for one that cannot be read."""
    named = os.environ.get("SIGHTLINE_CONFIG")
    if named and not Path(named).expanduser().is_file():
        raise Misconfigured(f"SIGHTLINE_CONFIG names '{named}', which is no file.", hint=settings_errors.HINT)
    for file in (Path(named or FILE).expanduser(), home.expanduser() / FILE):
        if settings_errors.is_readable_toml(file):
            yield file
