"""What outside systems pull: every change of every accident below their region, none missed."""
