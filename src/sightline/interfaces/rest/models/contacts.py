"""Who is not to be contacted."""

from __future__ import annotations

from datetime import datetime

from sightline.interfaces.rest.models.shape import Page, Shape


class Contact(Shape):
    """One that is not to be contacted."""

    ref: str
    at: datetime
    """Since when."""
    by: str
    """Who said so; `itself`: the party, by a link in what it was sent."""


class Contacts(Page):
    """A page of those that are not to be contacted, the latest first."""

    items = "contacts"

    contacts: list[Contact]
