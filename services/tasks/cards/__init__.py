"""Yellow cards and vetoes: proposed by dated thresholds, noticed, replied to, decided, lifted."""
