"""House rules as code: one file per rule in `rules/`, with its own good and bad lines. Never imported by src."""
