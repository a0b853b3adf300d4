"""`savd demo`: a conversation of each process through real sockets."""
