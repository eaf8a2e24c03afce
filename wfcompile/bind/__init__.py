"""Binding: parsed templates become typed IR expressions under a scope."""
