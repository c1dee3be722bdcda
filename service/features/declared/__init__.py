"""The declarations: every aggregate and every feature, once, in the order of the row."""
