"""Dossiers: the report of an investigation in six parts, signed, handed in and decided on."""
