"""Informants: who gave a sign, sealed, masked, and shown in full only when two people agree."""
