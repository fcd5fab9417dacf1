"""What a photo says of itself: when and where it was taken, and what it shows."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from kernel import instants
from kernel.calendar import SHANGHAI
from services.tasks.prints.domain import COLUMNS, ROWS, picture_print

_MOST_PIXELS = 25_000_000
_MOST_OF_JPEG = 150_000_000
"""A JPEG is read at an eighth of its size; anything else would be unpacked whole."""
_WRITTEN = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """What could be read out of a photo; None where it does not say."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    print: str | None = None


def look_at(body: bytes) -> Photo:
    """Read a photo. One of a format that is not known, or a broken one, says nothing.

    A time without an offset is the city's.
    """
    try:
        with Image.open(io.BytesIO(body)) as picture:
            most = _MOST_OF_JPEG if picture.format == "JPEG" else _MOST_PIXELS
            if picture.width * picture.height > most:
                return Photo()
            exif = picture.getexif()
            lon, lat = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
            taken_at = _time(exif.get_ifd(ExifTags.IFD.Exif), exif)
            return Photo(taken_at=taken_at, lon=lon, lat=lat, print=_shown(picture))
    except Exception:
        return Photo()


def _shown(picture: Image.Image) -> str | None:
    picture.draft("L", (COLUMNS * 8, ROWS * 8))  # a JPEG is then not unpacked whole
    small = picture.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX)
    return picture_print(list(small.tobytes()))


def _time(details: Mapping[int, Any], exif: Mapping[int, Any]) -> datetime | None:
    written = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = details.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        if offset:
            found = datetime.strptime(f"{written}{offset}", f"{_WRITTEN}%z")
        else:
            found = datetime.strptime(str(written), _WRITTEN).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    return found if instants.FIRST <= found < instants.LAST else None


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None, None
    return lon, lat


def _degrees(parts: Any, side: Any) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    return -found if str(side) in {"S", "W"} else found
