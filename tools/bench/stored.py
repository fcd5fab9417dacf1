"""Accidents that were reported long ago: plausible rows, straight into a stack's tables.

Each row begins as the copy of one that a real report left, so that every column is filled as
the service fills it; place, time, toll, texts and ids are then drawn anew. Rows are made and
sent in batches: memory does not grow with their number. What is kept for reading (search,
map) is made with the service's own functions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from kernel import clock
from kernel.access import SYSTEM
from kernel.db import connect, unit_of_work
from reference import demonstration
from services.incidents.maps import domain as maps
from services.incidents.search import domain as search
from services.incidents.statistics import operations_recount as recounts
from services.incidents.statistics import queries_recount

REPORTS_EACH = 3
YEARS = 20

_BATCH = 2_000
_SEED = 1906
_NOBODY_KNOWS_WHERE = 0.02
_SPREAD_DEGREES = 0.05
_CASE_TAKES = timedelta(days=75)

_GRADES = {"general": 0.9605, "larger": 0.035, "major": 0.004, "extraordinary": 0.0005}
_DEATHS = {"general": (0, 2), "larger": (3, 9), "major": (10, 29), "extraordinary": (30, 60)}
_LEVELS = {
    "general": ("county", "{county}.government"),
    "larger": ("city", "430400.government"),
    "major": ("province", "430000.government"),
    "extraordinary": ("national", "100000.state_council"),
}
_KINDS = (
    ("roof_fall", "顶板冒落", "采煤工作面"),
    ("water_inrush", "透水", "掘进巷道"),
    ("gas_explosion", "瓦斯爆炸", "回风巷"),
    ("fall_from_height", "高处坠落", "外墙脚手架"),
    ("collapse", "基坑坍塌", "土方开挖段"),
    ("electric_shock", "触电", "配电房"),
    ("poisoning_asphyxia", "硫化氢（H2S）中毒", "污水池"),
    ("machinery_injury", "机械伤害", "冲压车间"),
    ("vehicle_injury", "车辆伤害", "料场道路"),
    ("lifting_injury", "起重伤害", "吊装区"),
    ("fire", "火灾", "仓库"),
    ("vessel_explosion", "压力容器爆炸", "反应釜"),
)
_ROADS = ("解放路", "蒸湘路", "工业大道", "船山路", "沿江路", "矿山公路", "园区二路", "国道G107")
_CAUSES = (
    "违规作业",
    "设备老化",
    "支护不足",
    "通风不良",
    "操作失误",
    "连日降雨",
    "检修时",
    "无证上岗",
)
_ENDS = ("现场救援结束，善后处理中", "伤者已送医，生命体征平稳", "现场已封闭，停产整顿")


@dataclass(frozen=True, kw_only=True)
class Templates:
    """The rows that one real first report left, by table."""

    accident: dict[str, Any]
    report: dict[str, Any]
    grade_version: dict[str, Any]
    assignment: dict[str, Any]
    investigation: dict[str, Any]


Rows = dict[str, list[dict[str, Any]]]


async def templates(connection: asyncpg.Connection) -> Templates:
    """Those of the newest accident."""
    newest = "SELECT * FROM accident ORDER BY received_at DESC, id DESC LIMIT 1"
    accident = dict(await connection.fetchrow(newest))
    found = {}
    for table in ("report", "grade_version", "assignment", "investigation"):
        query = f"SELECT * FROM {table} WHERE accident_id = $1 LIMIT 1"  # noqa: S608 -- names above
        found[table] = dict(await connection.fetchrow(query, accident["id"]))
    return Templates(accident=accident, **found)


def batches(known: Templates, count: int, *, until: datetime) -> Iterator[Rows]:
    """So many accidents with all their rows, oldest first, the last just before an instant."""
    chance = Random(_SEED)  # noqa: S311 -- plausible, not secret
    began = until - timedelta(days=365.25 * YEARS)
    step = (until - began) / (count + 1)
    for first in range(0, count, _BATCH):
        rows: Rows = {}
        for number in range(first, min(first + _BATCH, count)):
            _add(rows, known, chance, at=began + step * (number + chance.random()))
        yield rows


def _add(rows: Rows, known: Templates, chance: Random, *, at: datetime) -> None:
    accident, said = _accident(known.accident, chance, at)
    about = {
        "region_code": accident["region_code"],
        "enterprise_uscc": accident["enterprise_uscc"],
        "accident_id": accident["id"],
    }
    figures = {name: accident[name] for name in ("deaths", "missing", "serious_injuries")}
    _put(rows, "accident", accident)
    for version, text in enumerate(said, start=1):
        then = at + timedelta(hours=2 * version)
        report = known.report | about | figures
        report |= {"id": accident["id"] if version == 1 else _id(chance, then)}
        report |= {"version": version, "kind": "quick" if version == 1 else "followup"}
        report |= {"occurred_at": at, "known_at": at, "received_at": then, "stored_at": then}
        _put(rows, "report", report | {"place": accident["place"], "summary": text})
    decided = {"report_id": accident["id"], "grade": accident["grade"], "decided_at": at}
    estimated = {"estimated_grade": accident["grade"]}
    _put(rows, "grade_version", known.grade_version | about | decided | estimated)
    holder = {"level": accident["investigating_level"], "unit": accident["investigating_unit"]}
    _put(rows, "assignment", known.assignment | about | holder | {"assigned_at": at})
    _put(rows, "entry", _entry(about, at=accident["received_at"]))
    published = at.date() + timedelta(days=chance.randint(30, 90))
    _put(rows, "publication", _publication(about, on=published))
    case = {"starts_on": at.date(), "opened_at": at, "case_due_on": at.date() + _CASE_TAKES}
    _put(rows, "investigation", known.investigation | about | holder | case)
    _add_aids(rows, about, accident, said)


def _entry(about: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Entered in the national statistics, in time."""
    entered, completed = at + timedelta(hours=20), at + timedelta(days=6)
    return {
        **about,
        "status": "completed",
        "rule": "bench",
        "opened_at": at,
        "enter_by": at + timedelta(days=1),
        "complete_by": at + timedelta(days=7),
        "entered_at": entered,
        "entered_by": "bench",
        "entered_late": False,
        "completed_at": completed,
        "completed_by": "bench",
        "completed_late": False,
    }


def _publication(about: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """A report published so long after the accident that some are late."""
    recorded = datetime.combine(on, time(8), tzinfo=UTC)
    said = {"published_on": on, "title": "调查报告", "recorded_at": recorded}
    return {**about, **said, "generation": 1, "recorded_by": "bench"}


def _add_aids(
    rows: Rows, about: Mapping[str, Any], accident: Mapping[str, Any], said: Sequence[str]
) -> None:
    """What search and map read, by the functions that keep it."""
    at, lon, lat = (accident[name] for name in ("occurred_at", "lon", "lat"))
    text = search.normal([accident["place"], *said])
    _put(rows, "search_text", {**about, "occurred_at": at, "text": text})
    for gram in search.grams(text):
        pair = {"gram": gram, "region_code": about["region_code"], "occurred_at": at}
        _put(rows, "search_gram", {**pair, "accident_id": accident["id"]})
    point = {"occurred_at": at, "grade": accident["grade"], "lon": lon, "lat": lat}
    point["cell_row"] = None if lat is None else maps.cell(lat, maps.FINEST)
    point["cell_column"] = None if lon is None else maps.cell(lon, maps.FINEST)
    _put(rows, "map_point", {**about, **point})


def _accident(
    template: Mapping[str, Any], chance: Random, at: datetime
) -> tuple[dict[str, Any], Sequence[str]]:
    """An accident and what its reports say."""
    enterprise = chance.choice(demonstration.enterprises())
    grade = chance.choices(tuple(_GRADES), tuple(_GRADES.values()))[0]
    kind, happening, site = chance.choice(_KINDS)
    level, unit = _LEVELS[grade]
    known_where = chance.random() >= _NOBODY_KNOWS_WHERE
    received = at + timedelta(minutes=chance.randint(20, 90))
    place = f"{chance.choice(_ROADS)}{chance.randint(1, 999)}号{site}"
    deaths = chance.randint(*_DEATHS[grade])
    changes = {
        "id": _id(chance, at),
        "region_code": enterprise.region,
        "enterprise_uscc": enterprise.uscc,
        "statements": REPORTS_EACH,
        "occurred_at": at,
        "received_at": received,
        "updated_at": received,
        "window_closes_at": at + timedelta(days=30),
        "place": place,
        "lon": chance.gauss(enterprise.location.lon, _SPREAD_DEGREES) if known_where else None,
        "lat": chance.gauss(enterprise.location.lat, _SPREAD_DEGREES) if known_where else None,
        "industry": enterprise.industry,
        "accident_type": kind,
        "deaths": deaths,
        "missing": 0,
        "serious_injuries": chance.randint(0, 3),
        "grade": grade,
        "estimated_grade": grade,
        "investigating_level": level,
        "investigating_unit": unit.format(county=enterprise.county),
        "late": chance.random() < 0.03,
    }
    first = f"{enterprise.zh}{chance.choice(_CAUSES)}发生{happening}，死亡{deaths}人。"
    ends = (chance.choice(_ENDS) for _ in range(REPORTS_EACH - 1))
    return {**template, **changes}, (first, *ends)


def _id(chance: Random, at: datetime) -> UUID:
    """A UUIDv7 as it would have been made then: neighbours in time are neighbours in indexes."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | _random_bits(chance))


def _random_bits(chance: Random) -> int:
    return (chance.getrandbits(12) << 64) | chance.getrandbits(62)


def _put(rows: Rows, table: str, row: Mapping[str, Any]) -> None:
    rows.setdefault(table, []).append(dict(row))


_TILES = """
    INSERT INTO map_tile (level, cell_row, cell_column, month, grade, region_code, accidents)
    SELECT $1::int, floor(lat * $1::int), floor(lon * $1::int),
        date_trunc('month', occurred_at AT TIME ZONE 'Asia/Shanghai')::date,
        grade, region_code, count(*)
    FROM map_point WHERE cell_row IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
"""


async def load(database: str, count: int) -> Mapping[str, int]:
    """Store so many accidents more; how many rows each table got."""
    connection = await asyncpg.connect(database)
    # Indexes of the pairs are made afterwards and nothing is checked twice: it is a bench.
    await connection.execute(
        "SET session_replication_role = replica; SET synchronous_commit = off;"
        "SET maintenance_work_mem = '512MB'"
    )
    await connection.execute("ALTER TABLE search_gram DROP CONSTRAINT pk_search_gram")
    known, stored = await templates(connection), dict[str, int]()
    for rows in batches(known, count, until=clock.wall()):
        for table, held in rows.items():
            await _copy(connection, table, held)
            stored[table] = stored.get(table, 0) + len(held)
    await connection.execute(
        "ALTER TABLE search_gram ADD CONSTRAINT pk_search_gram"
        " PRIMARY KEY (gram, region_code, occurred_at, accident_id)"
    )
    await connection.execute("TRUNCATE map_tile")
    for level in maps.LEVELS:
        await connection.execute(_TILES, level)
    await connection.execute("VACUUM ANALYZE", timeout=None)
    await connection.close()
    return stored


async def count_anew(database: str) -> int:
    """Build the roll-up from what is stored, as the service would; how many were counted."""
    service = connect(database.replace("postgresql", "postgresql+asyncpg"), name="bench")
    counted = 0
    try:
        async with unit_of_work(service, SYSTEM) as session:
            years = await queries_recount.years(session)
        for year in years:
            async with unit_of_work(service, SYSTEM) as session:
                counted += await recounts.count_year_anew(session, year=year)
    finally:
        await service.close()
    return counted


async def _copy(
    connection: asyncpg.Connection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    columns = tuple(rows[0])
    records = [tuple(row[column] for column in columns) for row in rows]
    await connection.copy_records_to_table(table, records=records, columns=columns)
