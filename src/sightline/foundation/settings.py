"""All settings, one typed tree. Each part of Sightline gets only its branch; the environment is read once.

Precedence: environment (`SIGHTLINE_HTTP__PORT=8400`), then `sightline.toml` in the working folder or the one named
by `SIGHTLINE_CONFIG`, then the defaults below. The docstrings below are the documentation of each setting.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from sightline.language.errors import Misconfigured


def default_home() -> Path:
    """Where data live by default: root's home cannot be entered by the server's user, so root's lie elsewhere."""
    if os.geteuid() == 0:
        return Path("/var/lib/sightline")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "sightline"


class Branch(BaseModel):
    """A part of the tree: frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class DatabaseSettings(Branch):
    """The system of record."""

    url: SecretStr | None = None
    """URL of a PostgreSQL 15 or later, as its owner (postgresql://...). Empty: an embedded server in `home`."""

    app_url: SecretStr | None = None
    """URL of the same database as the role `sightline_app`, where the owner may not set that role's password."""

    port: int | None = Field(default=None, ge=1024, le=65535)
    """Port of the embedded server on loopback. Empty: a free one is chosen and kept."""

    pool: int = Field(default=10, ge=1, le=200)
    """Connections each process keeps open."""


class HttpSettings(Branch):
    """The HTTP interface."""

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback should stand behind a proxy with TLS."""

    port: int = Field(default=8321, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""

    max_body: int = Field(default=32 * 1024 * 1024, ge=1024)
    """Bytes a request body may have."""


class VaultSettings(Branch):
    """Personal data."""

    master_key: SecretStr | None = None
    """64 hexadecimal digits. Empty: a key is made once and kept in `home/keys/master.key`; back that file up apart."""

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch("[0-9a-fA-F]{64}", value.get_secret_value()):
            raise ValueError("must be 64 hexadecimal digits, such as `openssl rand -hex 32` prints")
        return value


class PredictSettings(Branch):
    """Models and proofs."""

    seed: int = 0
    """Seed of everything random in training and proving: the same data and seed give the same model."""

    promise: float = Field(default=0.95, gt=0.5, lt=1)
    """Precision beyond which Sightline may act by itself."""


class ActSettings(Branch):
    """Playbooks."""

    hold_out: float = Field(default=0.10, ge=0, le=0.5)
    """Share of contacted parties kept back as control, so that the effect of acting can be measured."""


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
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    home: Path = Field(default_factory=default_home)
    """Folder of all data: database, lake, keys. Default: ~/.local/share/sightline; for root /var/lib/sightline."""

    workspace: str | None = None
    """Workspace that commands work in. Empty: the one used last (see `sightline workspace`)."""

    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    vault: VaultSettings = VaultSettings()
    predict: PredictSettings = PredictSettings()
    act: ActSettings = ActSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values, then the environment, then the file. Raises Misconfigured when the file cannot be read."""
        named = os.environ.get("SIGHTLINE_CONFIG")
        file = Path(named or "sightline.toml")
        if named and not file.is_file():
            raise Misconfigured(f"SIGHTLINE_CONFIG names {named}, which is no file.", hint="Correct it, or unset it.")
        try:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise Misconfigured(f"{file} cannot be read: {error}.", hint="See docs/settings.toml.") from None

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """Read the settings. Raises Misconfigured that names each wrong one and where it came from."""
        try:
            return cls(**given)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise Misconfigured(f"These settings cannot be used: {wrong}.", hint="See docs/settings.toml.") from None
