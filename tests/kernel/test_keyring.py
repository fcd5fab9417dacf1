"""Keys are read strictly, rotate without a break, and shut out every altered value."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kernel import keyring
from kernel.keyring import CiphertextRefused, KeyFile, KeyRing, KeysMissing, fresh_keys

AES = fresh_keys("AES-256-GCM", key_id="2023")
SM4 = fresh_keys("SM4-GCM", key_id="sm4")
RINGS = {"AES-256-GCM": KeyRing(AES), "SM4-GCM": KeyRing(SM4)}

algorithms = st.sampled_from(sorted(RINGS))


@given(algorithm=algorithms, text=st.text(), about=st.text())
def test_what_was_sealed_opens_for_what_it_is_about(algorithm: str, text: str, about: str) -> None:
    ring = RINGS[algorithm]

    assert ring.open(ring.seal(text, about=about), about=about) == text


@given(algorithm=algorithms, here=st.text(), there=st.text())
def test_what_was_sealed_does_not_open_for_anything_else(
    algorithm: str, here: str, there: str
) -> None:
    ring = RINGS[algorithm]
    sealed = ring.seal("张三", about=here)

    if here == there:
        assert ring.open(sealed, about=there) == "张三"
    else:
        with pytest.raises(CiphertextRefused):
            ring.open(sealed, about=there)


@given(algorithm=algorithms, data=st.data())
def test_every_flipped_bit_is_noticed(algorithm: str, data: st.DataObject) -> None:
    ring = RINGS[algorithm]
    sealed = bytearray(ring.seal("430481199003077714", about="x"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8

    with pytest.raises((CiphertextRefused, KeysMissing)):
        ring.open(bytes(sealed), about="x")


@given(rubbish=st.binary(max_size=80))
def test_rubbish_is_refused_and_not_a_crash(rubbish: bytes) -> None:
    with pytest.raises((CiphertextRefused, KeysMissing)):
        RINGS["AES-256-GCM"].open(rubbish, about="x")


def test_the_same_text_is_never_sealed_the_same_twice() -> None:
    ring = RINGS["SM4-GCM"]

    assert len({ring.seal("张三", about="x") for _ in range(100)}) == 100


def test_a_rotated_ring_reads_what_older_keys_wrote_and_writes_with_the_first() -> None:
    old = KeyRing(AES)
    written_before = old.seal("张三", about="x")
    keys = (*SM4.column, *AES.column)
    rotated = KeyFile.model_construct(column=keys, index=AES.index, audit=AES.audit)

    ring = KeyRing(rotated)

    assert ring.open(written_before, about="x") == "张三"
    assert not ring.is_current(written_before)
    assert ring.is_current(ring.seal("李四", about="x"))
    with pytest.raises(KeysMissing):
        old.open(ring.seal("李四", about="x"), about="x")


def test_a_key_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(SM4.model_dump_json())

    ring = KeyRing.from_file(path)

    assert ring.open(RINGS["SM4-GCM"].seal("x", about="y"), about="y") == "x"
    assert ring.audit == SM4.audit


SHORT = b64encode(b"short").decode()
GOOD = b64encode(bytes(range(32))).decode()
COLUMN = {"id": "1", "alg": "AES-256-GCM", "key": GOOD}


@pytest.mark.parametrize(
    "document",
    [
        {"column": [], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN | {"key": SHORT}], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN | {"alg": "AES-128-ECB"}], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN | {"alg": "SM4-GCM"}], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN, COLUMN], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN | {"id": "a b"}], "index": GOOD, "audit": GOOD},
        {"column": [COLUMN], "index": SHORT, "audit": GOOD},
        {"column": [COLUMN], "index": GOOD},
        {"column": [COLUMN], "index": GOOD, "audit": GOOD, "more": 1},
    ],
)
def test_a_bad_key_file_is_refused_without_showing_a_key(document: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        KeyFile.model_validate(document)

    assert GOOD not in str(refused.value)
    assert SHORT not in str(refused.value)


def test_keys_do_not_show_in_a_repr() -> None:
    assert b64encode(AES.audit).decode() not in repr(AES)
    assert repr(AES.audit) not in repr(AES)


def test_the_index_finds_the_same_value_in_any_spelling() -> None:
    ring = RINGS["AES-256-GCM"]
    index = ring.blind_index("43048119900307771X", purpose="informant.id_number")

    assert ring.blind_index(" 43048119900307771x ", purpose="informant.id_number") == index
    assert (
        ring.blind_index("４３０４８１１９９００３０７７７１Ｘ", purpose="informant.id_number")
        == index
    )
    assert len(index) == 16


def test_equal_values_of_two_columns_cannot_be_linked() -> None:
    ring = RINGS["AES-256-GCM"]

    assert ring.blind_index("13812345678", purpose="informant.phone") != ring.blind_index(
        "13812345678", purpose="casualty.phone"
    )


def test_an_index_needs_its_own_key() -> None:
    other = KeyRing(AES.model_copy(update={"index": bytes(32)}))

    assert other.blind_index("x", purpose="y") != RINGS["AES-256-GCM"].blind_index("x", purpose="y")
    assert other.open(RINGS["AES-256-GCM"].seal("x", about="y"), about="y") == "x"


def test_a_process_without_keys_says_what_to_set() -> None:
    keyring.use(None)

    with pytest.raises(KeysMissing, match="ANLIAN_KEYS_FILE"):
        keyring.ring()
