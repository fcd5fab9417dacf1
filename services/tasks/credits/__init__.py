"""Credits: which accepted evidence counts for a duty, by dated rules, and for whom."""
