"""One customer over all stores: found, given out, and forgotten."""
