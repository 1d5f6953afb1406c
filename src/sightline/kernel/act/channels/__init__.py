"""Ways out. What a channel is stands in `channel`; each of the others is one."""

from sightline.kernel.act.channels.channel import Channel
from sightline.kernel.act.channels.email import Email
from sightline.kernel.act.channels.paper import Paper
from sightline.kernel.act.channels.slack import Slack
from sightline.kernel.act.channels.teams import Teams
from sightline.kernel.act.channels.webhook import Webhook

__all__ = ["Channel", "Email", "Paper", "Slack", "Teams", "Webhook"]
