"""Signing in and out: passwords beside the loop, decisions in a transaction, tokens last."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from gateway.identity import operations, queries, sessions
from gateway.identity.directory import Directory
from gateway.identity.passwords import Hasher
from gateway.identity.schemas import Credentials, Tokens
from gateway.identity.sessions import UNKNOWN, Checked, Grant
from gateway.identity.tokens import LIFETIME, AccessTokens
from kernel.access import Principal
from kernel.db import Database, unit_of_work
from kernel.problems import Problem

Given = TypeVar("Given")


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Gives tokens to who proves to be somebody."""

    database: Database
    hasher: Hasher
    tokens: AccessTokens
    directory: Directory

    async def begin(self, credentials: Credentials, *, now: datetime) -> Tokens:
        """Sign in. A wrong name takes the steps and the time of a wrong password."""
        password = credentials.password.get_secret_value()
        checked = await self._check(credentials.username, password)
        async with unit_of_work(self.database, UNKNOWN) as session:
            outcome = await sessions.begin(session, checked=checked, otp=credentials.otp, now=now)
        return self._tokens(_given(outcome), now)

    async def renew(self, refresh_token: str, *, now: datetime) -> Tokens:
        """The next pair of tokens of a sign-in."""
        async with unit_of_work(self.database, UNKNOWN) as session:
            outcome = await sessions.renew(session, token=refresh_token, now=now)
        return self._tokens(_given(outcome), now)

    async def end(self, refresh_token: str, *, now: datetime) -> None:
        """Sign out."""
        async with unit_of_work(self.database, UNKNOWN) as session:
            ended = await sessions.end_by_token(session, token=refresh_token, now=now)
        self.directory.forget(session_id=ended)

    async def change_password(
        self, *, current: str, new: str, by: Principal, now: datetime
    ) -> None:
        """Replace one's own password; a wrong current one counts as a failed sign-in."""
        async with unit_of_work(self.database, by) as session:
            account = await queries.account(session, UUID(by.subject))
        operations.require_strong(new, username=account.username, pointer="/new_password")
        checked = await self._check(account.username, current)
        fresh = await self.hasher.hash(new)
        async with unit_of_work(self.database, by) as session:
            outcome = await sessions.prove(session, checked=checked, now=now)
            if not isinstance(outcome, Problem):
                operations.replace_password(session, account=outcome, fresh=fresh, by=by, now=now)
        _given(outcome)
        self.directory.forget(account_id=account.id)

    async def _check(self, username: str, password: str) -> Checked:
        async with unit_of_work(self.database, UNKNOWN) as session:
            account = await queries.account_named(session, username)
        hashed = account.password_hash if account else None
        holds = await self.hasher.holds(password, hashed)
        return Checked(username=username, password_hash=hashed, holds=holds)

    def _tokens(self, grant: Grant, now: datetime) -> Tokens:
        return Tokens(
            access_token=self.tokens.issue(grant.principal, session_id=grant.session_id, now=now),
            refresh_token=grant.refresh_token,
            expires_in=int(LIFETIME.total_seconds()),
        )


def _given(outcome: Given | Problem) -> Given:
    """The outcome of a committed decision, or its refusal."""
    if isinstance(outcome, Problem):
        raise outcome
    return outcome
