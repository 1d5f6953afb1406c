"""Passwords: which are accepted, how they are kept, and that a wrong name costs what a wrong password does."""

from __future__ import annotations

import asyncio
import unicodedata

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation.identity import passwords
from sightline.language.errors import Busy, Invalid

GOOD = "seven green bicycles"


async def test_what_is_kept_is_argon2id_and_fits_the_password_alone() -> None:
    kept = await passwords.hashed(GOOD, name="anna")
    assert extract_parameters(kept).type is Type.ID
    assert GOOD not in kept
    assert await passwords.fits(GOOD, kept)
    assert not await passwords.fits(GOOD + " ", kept)
    assert kept != await passwords.hashed(GOOD, name="anna")


async def test_nobodys_hash_costs_as_much_and_fits_nothing() -> None:
    kept = await passwords.hashed(GOOD, name="anna")
    assert extract_parameters(passwords.NOBODYS) == extract_parameters(kept)
    assert len(passwords.NOBODYS) == len(kept)
    assert not await passwords.fits(GOOD, None)


async def test_it_is_the_same_password_on_every_keyboard() -> None:
    written = "Grüße aus Köln am Rhein"
    kept = await passwords.hashed(unicodedata.normalize("NFD", written), name="anna")
    assert await passwords.fits(unicodedata.normalize("NFC", written), kept)


@pytest.mark.parametrize(
    "wrong", ["", "a" * 11, "x" * 300, "aaaaaaaaaaaa", "abababababab", "a.long.user@name", "A.Long.User@Name"]
)
async def test_a_bad_one_is_refused_without_being_told(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        await passwords.hashed(wrong, name="a.long.user@name")
    assert not wrong or wrong not in str(refused.value)


@settings(max_examples=8)
@given(st.text(max_size=2_000))
async def test_whatever_is_tried_is_only_ever_wrong(tried: str) -> None:
    assert not await passwords.fits(tried, None)


async def test_even_half_a_character_is_only_wrong() -> None:
    assert not await passwords.fits("\ud800 and more of them", None)


async def test_a_flood_is_told_to_come_back() -> None:
    tries = [passwords.fits(GOOD, None) for _ in range(passwords.MOST_WAITING + 3)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in found) == 3
    assert not any(one is True for one in found)
