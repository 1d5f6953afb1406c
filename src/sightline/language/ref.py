"""Who or what: a kind and a key."""

from __future__ import annotations

import re

import msgspec

from sightline.language.errors import Invalid

KIND_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
MAX_KEY = 512
"""Characters; a longer key is a text, not a key."""


class Ref(msgspec.Struct, frozen=True, order=True):
    """`line/4712`: the thing of kind `line` that the business calls `4712`. A key may contain slashes."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read `kind/key`. Raises Invalid when it is neither."""
        kind, slash, key = text.partition("/")
        if not slash or not KIND_NAME.fullmatch(kind) or not 0 < len(key) <= MAX_KEY or "\0" in key:
            raise Invalid(
                f"'{text[:80]}' is not a reference.",
                hint="Write kind/key, for example line/4712 (kind in a-z).",
            )
        return cls(kind, key)
