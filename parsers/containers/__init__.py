"""Mails and files inside other formats: winmail.dat, .msg, S/MIME, uuencode."""
