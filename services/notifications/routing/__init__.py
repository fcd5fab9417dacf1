"""Who is to hear of what: routes of the city's pack turned into steps of real recipients."""
