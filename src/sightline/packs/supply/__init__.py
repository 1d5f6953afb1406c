"""Supply: what suppliers promise, and whether it will be there in time."""
