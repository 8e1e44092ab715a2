"""The shop's own fields, whatever its trade: found by their names and values, which nobody taught."""
