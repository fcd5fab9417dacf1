"""What was told once must be readable for ever: one real message per subject, never edited."""

import json
from pathlib import Path

import pytest
from cloudevents.core.formats.json import JSONFormat

from kernel.envelope import Envelope
from tools.docs import sources

GOLDEN = Path(__file__).parent / "golden"
EVENTS = {event.subject: event for event in sources.events()}


def test_every_subject_has_its_golden_message() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(EVENTS)


@pytest.mark.parametrize("subject", sorted(EVENTS))
def test_a_golden_message_is_still_understood(subject: str) -> None:
    raw = (GOLDEN / f"{subject}.json").read_bytes()
    envelope = Envelope.model_validate_json(raw)

    event = EVENTS[subject].model_validate(envelope.data)

    assert envelope.type == subject
    assert envelope.subject == event.aggregate_id
    said = event.model_dump(mode="json")
    assert {name: said[name] for name in envelope.data} == envelope.data


@pytest.mark.parametrize("subject", sorted(EVENTS))
def test_a_golden_message_is_a_cloudevent_to_strangers(subject: str) -> None:
    event = JSONFormat().read(None, (GOLDEN / f"{subject}.json").read_bytes())

    assert event.get_type() == subject
    assert event.get_extension("version") >= 1


@pytest.mark.parametrize("subject", sorted(EVENTS))
def test_no_fact_carries_a_person(subject: str) -> None:
    fields = json.dumps(EVENTS[subject].model_json_schema())
    for word in ("person", "phone", "id_number", "reporter", "informant"):
        assert f'"{word}' not in fields
