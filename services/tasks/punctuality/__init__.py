"""How units deal with hotline orders, in figures: each a numerator over a denominator."""
