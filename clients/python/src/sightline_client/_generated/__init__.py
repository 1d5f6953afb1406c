"""What docs/openapi.json says, as Python. Written by `make docs` from docs/openapi.json; edit that, not this file."""
