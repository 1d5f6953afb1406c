"""What was written of a model is what is read, or nothing is."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.desk import Desk
from sightline.kernel.predict.trained import digest


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    )
)  # fmt: skip
async def test_a_database_that_writes_numbers_anew_changes_no_digest(desk: Desk, value: Any) -> None:
    async with desk.db.transaction(None) as tx:
        back = await tx.value("select cast(:d as jsonb)", d=json.dumps({"a": value}))
    assert digest({"a": value}) == digest(back if isinstance(back, dict) else json.loads(back))
