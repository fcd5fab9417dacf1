"""What is wrong with a field, in the reader's own language."""

from enum import StrEnum

import pytest
from pydantic import TypeAdapter, ValidationError

from kernel.validation import invalid


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


def test_what_a_field_may_be_is_listed_as_each_language_lists_it() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Colour).validate_python("pink")
    [fault] = invalid(caught.value.errors()).faults

    assert fault.zh == "应为下列之一：'red'、'green'、'blue'"
    assert fault.en == "one of 'red', 'green' or 'blue'"
