"""A copy of the units and posts that can be told something, and of enterprises' names."""
