"""What every implementation of a protocol must hold to, whoever wrote it: call these from its tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sightline.kernel.act.channels import Channel
from sightline.testing import make


def channel(open_again: Callable[[], Channel], delivered: Callable[[], list[str]]) -> None:
    """A channel does each key once, also for another instance of itself.

    `open_again` makes a channel onto the same outside world; `delivered` returns the texts that arrived there.
    """
    first, second = make.action("law:1", text="one"), make.action("law:2", text="two")
    at = make.day(0)
    receipt = open_again().send(first, at=at)
    assert (receipt.key, receipt.at, receipt.repeated) == (first.key, at, False)
    assert receipt.reference
    again = open_again().send(first, at=at + timedelta(days=1))
    assert again.repeated
    assert again.reference == receipt.reference
    other = open_again().send(second, at=at)
    assert not other.repeated
    assert other.reference != receipt.reference
    assert sorted(delivered()) == ["one", "two"]
