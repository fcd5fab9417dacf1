"""Maps as GeoJSON (RFC 7946). Members of ours stand beside those of the standard."""

from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.maps.domain import Extent
from services.incidents.maps.queries import Cluster, Point, Shown

Box = tuple[float, float, float, float]


class PointGeometry(BaseModel):
    """A place, degrees east and north."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


class AccidentProperties(BaseModel):
    """What a map says of one accident."""

    kind: Literal["accident"] = "accident"
    grade: str
    occurred_at: ShanghaiTime


class ClusterProperties(BaseModel):
    """What a map says of a cell."""

    kind: Literal["cluster"] = "cluster"
    accidents: int
    grades: dict[str, int] = Field(description="How many of each grade.")


class AccidentFeature(BaseModel):
    """One accident."""

    type: Literal["Feature"] = "Feature"
    id: UUID
    geometry: PointGeometry
    properties: AccidentProperties

    @classmethod
    def of(cls, point: Point) -> Self:
        """An accident where it was."""
        return cls(
            id=point.accident_id,
            geometry=PointGeometry(coordinates=(point.lon, point.lat)),
            properties=AccidentProperties(grade=point.grade, occurred_at=point.occurred_at),
        )


class ClusterFeature(BaseModel):
    """A cell with its accidents; the point is its middle, `bbox` the cell."""

    type: Literal["Feature"] = "Feature"
    bbox: Box
    geometry: PointGeometry
    properties: ClusterProperties

    @classmethod
    def of(cls, cluster: Cluster) -> Self:
        """A cell, whole even where it reaches over the edge of the map."""
        at = cluster.extent
        return cls(
            bbox=_box(at),
            geometry=PointGeometry(
                coordinates=((at.west + at.east) / 2, (at.south + at.north) / 2)
            ),
            properties=ClusterProperties(
                accidents=sum(cluster.grades.values()), grades=dict(cluster.grades)
            ),
        )


class MapView(BaseModel):
    """The accidents of an extent."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    bbox: Box
    features: list[AccidentFeature | ClusterFeature]
    clustered: bool = Field(description="Whether the features are cells instead of accidents.")
    accidents: int = Field(description="How many accidents all features together stand for.")
    unlocated: int = Field(
        description="Accidents of the period and the grades whose coordinates nobody stated."
    )
    since: ShanghaiTime | None = Field(description="What is shown, widened to whole months")
    before: ShanghaiTime | None = Field(description="where very many are counted.")

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """What is shown, as GeoJSON."""
        cells = [ClusterFeature.of(cluster) for cluster in shown.clusters]
        return cls(
            bbox=_box(shown.asked.extent),
            features=[*(AccidentFeature.of(point) for point in shown.points), *cells],
            clustered=bool(cells),
            accidents=len(shown.points) + sum(one.properties.accidents for one in cells),
            unlocated=shown.unlocated,
            since=shown.asked.since,
            before=shown.asked.before,
        )


def _box(extent: Extent) -> Box:
    return extent.west, extent.south, extent.east, extent.north
