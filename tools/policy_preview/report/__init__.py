"""Results to text. Every function here is pure: it takes a result and returns what is to be printed."""
