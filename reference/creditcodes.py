"""Makes unified social credit codes for the demonstration: valid in form, given to nobody.

Their organisation codes run through one reserved series, so that they are told at a glance.
"""

from stdnum.cn import uscc

SERIES = "MA4T"

# GB 11714: weights of the organisation code's first eight characters, for its own check.
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def demonstration_code(*, region: str, number: int) -> str:
    """The code of a company registered in a division, by its running number there."""
    organisation = f"{SERIES}{number:04d}"
    body = f"91{region}{organisation}{_organisation_check(organisation)}"
    return body + str(uscc.calc_check_digit(body))


def _organisation_check(organisation: str) -> str:
    total = sum(
        _ALPHABET.index(character) * weight
        for character, weight in zip(organisation, _WEIGHTS, strict=True)
    )
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))
