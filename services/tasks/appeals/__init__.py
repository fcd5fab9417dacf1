"""Appeals: objecting to an obligation or to one's part before its clock bites; who decides."""
