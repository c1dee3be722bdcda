"""A demo platform with some months of history, and claims played against it through the HTTP API."""
