"""Tickets that stand in a table before anybody writes about them."""
