"""Climbs: who else conducts or takes an investigation: delegation, grounds, listed supervision."""
