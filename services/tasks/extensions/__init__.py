"""Extensions of the time to handle an order: asked for by the unit, decided by the desk."""
