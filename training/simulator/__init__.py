"""A simulated platform with known truth. Only this package may read the truth it writes."""
