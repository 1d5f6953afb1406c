"""Act: what to do about it, under guard."""

from sightline.kernel.act.decide import decide
from sightline.kernel.act.deliver import deliver
from sightline.kernel.act.moving import move
from sightline.kernel.act.publishing import publish

__all__ = ["decide", "deliver", "move", "publish"]
