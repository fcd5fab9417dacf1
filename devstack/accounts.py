"""The accounts and clients of the demonstration city, and their generated credentials.

Who they are stands here; what opens them is random, made once and kept in var/ only.
"""

import base64
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from devstack.layout import Layout, read_json, write_json

OTP_BYTES = 20


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person's account. `region` is a GB/T 2260 code; `uscc` makes it an enterprise's."""

    name: str
    role: str
    region: str
    zh: str
    en: str
    unit: str | None = None
    uscc: str | None = None
    second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class Client:
    """An outside system that signs its requests."""

    name: str
    role: str
    region: str
    unit: str
    zh: str
    en: str
    algorithm: str


@dataclass(frozen=True)
class Credentials:
    """What opens the accounts and clients: NAME to what stack.json says of it."""

    accounts: dict[str, dict[str, Any]]
    clients: dict[str, dict[str, Any]]


ACCOUNTS = (
    Account(
        name="administrator",
        role="administrator",
        region="430400",
        unit="430400.emergency",
        zh="系统管理员",
        en="System administrator",
        second_factor=True,
    ),
    Account(
        name="security_administrator",
        role="security_administrator",
        region="430400",
        unit="430400.emergency",
        zh="安全管理员",
        en="Security administrator",
        second_factor=True,
    ),
    Account(
        name="committee_office",
        role="committee_office",
        region="430400",
        unit="430400.committee_office",
        zh="市安委办",
        en="Committee office of the city",
    ),
    Account(
        name="city_duty_desk",
        role="duty_desk",
        region="430400",
        unit="430400.emergency",
        zh="市应急值班室",
        en="Duty desk of the city",
    ),
    Account(
        name="county_duty_desk",
        role="duty_desk",
        region="430481",
        unit="430481.emergency",
        zh="耒阳市应急值班室",
        en="Duty desk of Leiyang",
    ),
    Account(
        name="province_duty_desk",
        role="duty_desk",
        region="430000",
        unit="430000.emergency",
        zh="省应急值班室",
        en="Duty desk of the province",
    ),
    Account(
        name="city_leader",
        role="leader",
        region="430400",
        unit="430400.government",
        zh="市领导",
        en="Leader of the city",
        second_factor=True,
    ),
    Account(
        name="investigator",
        role="investigator",
        region="430400",
        unit="430400.emergency",
        zh="事故调查员",
        en="Accident investigator",
    ),
    Account(
        name="province_investigator",
        role="investigator",
        region="430000",
        unit="430000.emergency",
        zh="省事故调查员",
        en="Accident investigator of the province",
    ),
    Account(
        name="inspector",
        role="inspector",
        region="430481",
        unit="430481.emergency",
        zh="执法人员甲",
        en="Inspector",
    ),
    Account(
        name="second_inspector",
        role="inspector",
        region="430481",
        unit="430481.emergency",
        zh="执法人员乙",
        en="Second inspector",
    ),
    Account(
        name="law_reviewer",
        role="law_reviewer",
        region="430481",
        unit="430481.emergency",
        zh="法制审核员",
        en="Law reviewer",
    ),
    Account(
        name="enterprise",
        role="enterprise",
        region="430481",
        uscc="91430481MA4T00019M",
        zh="企业安全员（耒阳）",
        en="Enterprise officer, Leiyang",
    ),
    Account(
        name="other_enterprise",
        role="enterprise",
        region="430405",
        uscc="91430405MA4T00019K",
        zh="企业安全员（珠晖）",
        en="Enterprise officer, Zhuhui",
    ),
    Account(
        name="hotline_operator",
        role="hotline_operator",
        region="430400",
        unit="430400.emergency",
        zh="热线话务员",
        en="Hotline operator",
    ),
    Account(
        name="auditor",
        role="auditor",
        region="430400",
        unit="430400.emergency",
        zh="审计管理员",
        en="Audit administrator",
        second_factor=True,
    ),
)

CLIENTS = (
    Client(
        name="province",
        role="exchange_client",
        region="430000",
        unit="430000.emergency",
        zh="省应急管理平台",
        en="Platform of the province",
        algorithm="HMAC-SM3",
    ),
    Client(
        name="hotline_12345",
        role="hotline_client",
        region="430400",
        unit="430400.emergency",
        zh="12345 政务服务便民热线",
        en="Government hotline 12345",
        algorithm="HMAC-SHA256",
    ),
    Client(
        name="hotline_12350",
        role="hotline_client",
        region="430400",
        unit="430400.emergency",
        zh="12350 安全生产举报热线",
        en="Work-safety hotline 12350",
        algorithm="HMAC-SHA256",
    ),
)


def credentials(layout: Layout) -> Credentials:
    """The credentials kept in var/; what is missing is made."""
    kept = read_json(layout.credentials) or {"accounts": {}, "clients": {}}
    accounts = {row.name: kept["accounts"].get(row.name) or _account(row) for row in ACCOUNTS}
    clients = {row.name: kept["clients"].get(row.name) or _client(row) for row in CLIENTS}
    known = {"accounts": accounts, "clients": clients}
    if known != kept:
        write_json(layout.credentials, known)
    return Credentials(accounts, clients)


def _account(row: Account) -> dict[str, Any]:
    told = {name: value for name, value in asdict(row).items() if value is not None}
    del told["name"], told["second_factor"]
    opens = {"username": row.name, "password": f"{secrets.token_urlsafe(15)}-Aa7"}
    if row.second_factor:
        opens["otp_secret"] = base64.b32encode(secrets.token_bytes(OTP_BYTES)).decode()
    return opens | told


def _client(row: Client) -> dict[str, Any]:
    told = asdict(row)
    del told["name"]
    key = f"{row.name.replace('_', '-')}-{secrets.token_hex(4)}"
    return {"app_key": key, "secret": secrets.token_hex(32)} | told
