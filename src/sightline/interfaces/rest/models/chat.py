"""Who in a chat is who here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Shape, Word


class ChatUser(Shape):
    """Somebody in Slack who is a user here."""

    id: str
    """Slack's own: U0123456789."""
    user: str
    made_at: datetime


class ChatUsers(Shape):
    """All of a workspace, by their ids."""

    chat_users: list[ChatUser]


class NewChatUser(Given):
    """Which user somebody in Slack is to be."""

    user: Annotated[Word, Field(max_length=256)]
