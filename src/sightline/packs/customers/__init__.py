"""Customers: who goes on buying, how much, and who leaves."""
