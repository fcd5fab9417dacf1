"""The yearly plan (安全生产工作要点): its articles, and the duties that events set off."""
