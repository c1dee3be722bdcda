"""The pipeline on tables nobody here made: the same aggregates, trees, calibration and figures, other rows.

The tables are not part of the project and stay where they are; ``prereview-train tabular --data DIR`` reads them.
"""
