"""Evidence that obligations were met: handed in by whoever has to act, reviewed from above."""
