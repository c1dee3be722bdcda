"""The JSON of the API: what is taken (strict, bounded, unknown fields refused) and what is answered."""
