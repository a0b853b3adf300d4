"""Reading processes: foreign bytes are looked at where they can do no harm."""
