"""Deals: which are won, when, and for how much."""
