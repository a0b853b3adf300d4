"""What comes in by SMTP and LMTP."""
