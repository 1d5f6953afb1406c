"""Know: what happened to whom, as of any day."""

from sightline.kernel.know.archive import archive
from sightline.kernel.know.project import project

__all__ = ["archive", "project"]
