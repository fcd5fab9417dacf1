"""Inspections (监管执法): the registry of enterprises, and the visits made to them.

Tells of enterprises registered and flagged, and of visits opened. Hears of accidents from
incidents, and from tasks of dangers that hotline orders speak of, of leads that were decided and
of units that ended.
"""
