"""Return visits (回访): whether the caller was helped, and handling again where not."""
