"""A unit's or an enterprise's inbox: what it was told, and its acknowledgements."""
