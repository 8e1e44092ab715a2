"""The checker: names, types, needs, safety, logic and style of guides."""
