"""Photos as a telephone takes them: a scene, with when and where written into it."""

import io
import random
from typing import Any

from PIL import ExifTags, Image


def scene(seed: int) -> Image.Image:
    """A picture that no other seed gives."""
    drawn = random.Random(seed)
    small = Image.frombytes("RGB", (12, 10), drawn.randbytes(360))
    return small.resize((1200, 1000), Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image, quality: int = 90, **told: Any) -> bytes:
    """A JPEG; `at` and `offset` as EXIF writes them, `gps` as pairs of its tags."""
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if "at" in told:
        details[ExifTags.Base.DateTimeOriginal] = told["at"]
    if "offset" in told:
        details[ExifTags.Base.OffsetTimeOriginal] = told["offset"]
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(told.get("gps", {}))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality, exif=exif)
    return kept.getvalue()


def gps(lon: float, lat: float) -> dict[int, Any]:
    """Where a photo was taken, east and north."""
    return {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (lat, 0.0, 0.0),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (lon, 0.0, 0.0),
    }
