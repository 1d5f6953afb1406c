"""Policy by domain: every pack has the same file names, one per stage."""
