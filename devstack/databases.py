"""Databases and roles: one database per service, an owner that migrates, an app that works.

The app role owns nothing and cannot pass row-level security; what it may do to a table is
granted by the migrations.
"""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

RIGHTS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION"


@dataclass(frozen=True)
class DatabaseUrls:
    """The two ways into one service's database, as SQLAlchemy reads them."""

    owner: str
    app: str
    app_role: str


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server, by the address of a user who may make databases and roles."""

    url: str

    async def provide(
        self,
        service: str,
        *,
        password: str,
        database: str | None = None,
        template: str = "template1",
    ) -> DatabaseUrls:
        """Make the database and the roles of a service, or what of them is missing."""
        database = database or f"anlian_{service}"
        async with self.connection() as admin:
            for role in (f"{service}_owner", f"{service}_app"):
                await _provide_role(admin, role, password)
            await _provide_database(admin, database, owner=f"{service}_owner", template=template)
        async with self.connection(database) as inside:
            await _open_to(inside, database, service)
        return self.urls(service, database, password)

    async def copy(
        self, service: str, *, password: str, database: str, template: str
    ) -> DatabaseUrls:
        """One more database of a service whose template was provided, with its roles."""
        async with self.connection() as admin:
            await admin.execute(
                f"CREATE DATABASE {database} OWNER {service}_owner TEMPLATE {template}"
            )
            await admin.execute(_doors(database, service))
        return self.urls(service, database, password)

    def urls(self, service: str, database: str, password: str) -> DatabaseUrls:
        """The ways into a database that was provided."""
        return DatabaseUrls(
            owner=self._way_in(f"{service}_owner", password, database),
            app=self._way_in(f"{service}_app", password, database),
            app_role=f"{service}_app",
        )

    def _way_in(self, role: str, password: str, database: str) -> str:
        return _address(
            self.url, scheme="postgresql+asyncpg", database=database, login=f"{role}:{password}"
        )

    async def identity(self) -> str:
        """A number of this server's data that no other server's data has."""
        async with self.connection() as admin:
            return str(await admin.fetchval("SELECT system_identifier FROM pg_control_system()"))

    @contextlib.asynccontextmanager
    async def connection(self, database: str | None = None) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the administrator's."""
        connection = await asyncpg.connect(
            _address(self.url, scheme="postgresql", database=database), timeout=10
        )
        try:
            yield connection
        finally:
            await connection.close()


def _address(
    url: str, *, scheme: str, database: str | None = None, login: str | None = None
) -> str:
    """The same server's address with other parts; what is not given stays."""
    parts = urlsplit(url)
    kept_login, _, host = parts.netloc.rpartition("@")
    login = login or kept_login
    path = f"/{database}" if database else parts.path
    query = parts.query
    if "+asyncpg" in scheme:  # libpq's word for what that driver calls ssl
        query = query.replace("sslmode=", "ssl=")
    return urlunsplit((scheme, f"{login}@{host}" if login else host, path, query, ""))


async def _provide_role(admin: asyncpg.Connection, role: str, password: str) -> None:
    exists = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    statement = f"ALTER ROLE {role}" if exists else f"CREATE ROLE {role} {RIGHTS}"
    secret = await admin.fetchval("SELECT quote_literal($1::text)", password)
    await admin.execute(f"{statement} PASSWORD {secret}")
    await admin.execute(f"GRANT {role} TO CURRENT_USER")


async def _provide_database(
    admin: asyncpg.Connection, database: str, *, owner: str, template: str
) -> None:
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        await admin.execute(f"CREATE DATABASE {database} OWNER {owner} TEMPLATE {template}")


async def _open_to(inside: asyncpg.Connection, database: str, service: str) -> None:
    """Let the app role in, and nobody else."""
    await inside.execute(
        f"""
        {_doors(database, service)}
        ALTER SCHEMA public OWNER TO {service}_owner;
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO {service}_app;
        """
    )


def _doors(database: str, service: str) -> str:
    """What a copy of a database does not have from its template."""
    return (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;"
        f" GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {service}_app;"
    )
