"""Run: sockets, clocks, processes and the command line."""
