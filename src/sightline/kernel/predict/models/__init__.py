"""The ladder of models."""
