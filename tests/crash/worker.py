"""`sightline` as the storm runs its worker: it merges the lake, and clears away what was merged, early and often."""

from __future__ import annotations

from sightline.foundation import lake
from sightline.main.__main__ import main

lake.MERGE_FROM = 2
lake.KEPT_SECONDS = 10

if __name__ == "__main__":
    main()
