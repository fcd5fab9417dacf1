"""What a process takes from its environment. Only app modules read it."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Mode(StrEnum):
    """Development may move the clock and has known accounts; production may not."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class ProcessRole(StrEnum):
    """Which half of a service this process is; the embedded stack runs both in one."""

    ALL = "all"
    API = "api"
    WORKER = "worker"


class UnsafeSettings(Exception):
    """The process would run in a way that production forbids."""


class ServiceSettings(BaseSettings):
    """Settings that every process shares; each variable is prefixed ANLIAN_."""

    model_config = SettingsConfigDict(env_prefix="ANLIAN_", extra="ignore")

    mode: Mode = Mode.PRODUCTION
    role: ProcessRole = ProcessRole.ALL
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: SecretStr
    nats_url: SecretStr
    nats_monitor_url: str | None = None
    """The broker's monitoring address; start-up reads there that it syncs each write."""
    nats_replicas: int = 1
    actor_jwks_file: Path | None = None
    keys_file: Path | None = None
    clock_file: Path | None = None
    objects_url: str = ""
    otlp_endpoint: str | None = None
    log_level: str = "INFO"
    pool_size: int = 16

    @cached_property
    def development(self) -> bool:
        """Whether conveniences of development are allowed."""
        return self.mode is Mode.DEVELOPMENT

    def refuse_unsafe(self) -> None:
        """Refuse to start production with a development convenience switched on."""
        if not self.development and self.clock_file is not None:
            raise UnsafeSettings("A clock file moves statutory deadlines: development only.")
        if not self.development and self.nats_monitor_url is None:
            raise UnsafeSettings("Set ANLIAN_NATS_MONITOR_URL: the broker must prove it syncs.")
        if not self.development and not (self.keys_file and self.objects_url):
            raise UnsafeSettings(
                "Set ANLIAN_KEYS_FILE and ANLIAN_OBJECTS_URL: the audit trail is sealed with a"
                " key and anchored outside of the database."
            )
