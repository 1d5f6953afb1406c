"""For tests, ours and those of whoever adds a pack, a channel or a projection: factories, and laws to satisfy."""
