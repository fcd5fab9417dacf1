"""Phone calls: reports that a desk took by telephone, with a sealed caller."""
