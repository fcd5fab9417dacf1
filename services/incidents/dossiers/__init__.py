"""Dossiers: the report of an investigation in its six parts, handed in and decided on."""
