"""How good a model is, and the report that says so."""
