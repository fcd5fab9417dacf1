"""Look-backs (回头看): whether what was put right after an accident has stayed so."""
