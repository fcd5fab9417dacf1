"""Measures the platform against the ratios it promises: `python -m tools.bench [NAME …]`.

Every figure is a ratio of two things measured in the same run, one right after the other, so
that it means the same on a slow machine as on a fast one. What to measure with: `load` asks a
server as fast as it can or at a steady rate; `figures` pairs runs and keeps the table.
"""
