"""What became of a unit: renamed, moved, split or merged, and who answers for it since."""
