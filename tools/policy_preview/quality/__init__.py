"""Measures of a set of labelled texts: what gives a label away, what is said twice, what is thin."""
