"""The form of a mail: structure, headers, addresses, charsets (RFC 5322, RFC 2045 to 2047, RFC 2231)."""
