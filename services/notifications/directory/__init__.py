"""A copy of the units and posts that can be told something, of who follows units that ended,
and of enterprises' names.
"""
