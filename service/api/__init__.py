"""REST face: HTTP in, use cases called, HTTP out. Thin: decides nothing, stores nothing, knows no table."""
