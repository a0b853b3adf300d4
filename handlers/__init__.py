"""Decide: a ParsedMail and what storage knows of it become a Decision. Pure."""
