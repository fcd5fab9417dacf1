"""Appeals: a subject objects to an obligation before its clock bites, and a reviewer decides."""
