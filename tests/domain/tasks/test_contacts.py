"""A post is reached by an address and an office's line, never by a person's own number."""

import pytest

from services.tasks.organisations import domain_contacts as contacts


@pytest.mark.parametrize(
    "line", ["8869036", "0734-8869036", "07348869036", "010-62345678-801", "12350", "119"]
)
def test_an_office_line_is_one(line: str) -> None:
    assert contacts.is_office_line(line)
    assert not contacts.is_mobile(line)


@pytest.mark.parametrize("line", ["13800138000", "+86 13800138000", "8613800138000"])
def test_a_mobile_is_a_persons(line: str) -> None:
    assert contacts.is_mobile(line)
    assert not contacts.is_office_line(line)


@pytest.mark.parametrize("line", ["", "0734", "88690366677", "telephone", "8869036;119", "１１９"])
def test_anything_else_is_no_line(line: str) -> None:
    assert not contacts.is_office_line(line)


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("desk@example.org", True),
        ("a.b-c+d@mail.example.gov.cn", True),
        ("desk@example", False),
        ("desk.example.org", False),
        ("a@b@example.org", False),
        ("值班@example.org", False),
        ("desk@example.org\nBcc: x@example.org", False),
    ],
)
def test_an_address_is_one_that_letters_reach(address: str, valid: bool) -> None:
    assert contacts.is_address(address) is valid
