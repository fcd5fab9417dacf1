"""What of an accident can be opened."""

from enum import StrEnum


class Part(StrEnum):
    """Each is remembered apart."""

    ACCIDENT = "accident"  # 事故全貌
    TIMELINE = "timeline"  # 时间轴
    CASUALTIES = "casualties"  # 伤亡人员（脱敏）
    IDENTITIES = "identities"  # 伤亡人员身份（未脱敏）
