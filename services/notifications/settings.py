"""What this service takes from its environment, besides what every process does."""

from pydantic import SecretStr

from kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """Variables are prefixed ANLIAN_; lists are JSON."""

    smtp_host: str | None = None
    """Without a mail server the channel is off, and every letter is recorded as skipped."""
    smtp_port: int = 25
    smtp_sender: str = "anlian@localhost"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_start_tls: bool | None = None
    webhook_hosts: tuple[str, ...] = ()
    """Hosts that webhooks may go to; a leading dot stands for everything below a name."""
