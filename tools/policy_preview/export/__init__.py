"""The cases as tables for other tools, and as a dataset with its card."""
