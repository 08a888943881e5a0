"""Write down what an AI provider's safeguards do to requests, visibly or silently, and see it before it lands."""

__version__ = "0.1.0"
