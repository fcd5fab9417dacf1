"""Wires the notifications service."""

from fastapi import FastAPI

from kernel import web
from kernel.web import Service
from services.notifications.calling.operations import Caller
from services.notifications.calls import api as calls
from services.notifications.endpoints import api as endpoints
from services.notifications.endpoints.domain import Guard
from services.notifications.handlers import SUBSCRIPTIONS
from services.notifications.inbox import api as inbox
from services.notifications.mail.operations import MailServer, Sender
from services.notifications.policies import POLICIES
from services.notifications.settings import Settings
from services.notifications.stream import api as stream
from services.notifications.timers import TIMERS


def service(settings: Settings | None = None) -> Service:
    """What the service is made of; with settings also what it sends with."""
    workers = (Sender(mail_server(settings)).run, Caller(guard(settings)).run) if settings else ()
    return Service(
        name="notifications",
        title="Anlian notifications (通知)",
        routers=(inbox.router, stream.router, endpoints.router, calls.router),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
        workers=workers,
    )


def guard(settings: Settings) -> Guard:
    """Where webhooks may go."""
    return Guard(hosts=settings.webhook_hosts, development=settings.development)


def mail_server(settings: Settings) -> MailServer | None:
    """Where letters are handed in, if anywhere."""
    if settings.smtp_host is None:
        return None
    password = settings.smtp_password
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        start_tls=settings.smtp_start_tls,
    )


def build(settings: Settings | None = None) -> FastAPI:
    """The application, by the environment unless settings are given."""
    settings = settings or Settings()
    application = web.build(service(settings), settings)
    application.state.guard = guard(settings)
    return application
