"""Leads: who is called, and who says yes."""
