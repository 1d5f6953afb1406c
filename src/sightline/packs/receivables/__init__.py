"""Receivables: which invoices are paid late, and when the money comes."""
