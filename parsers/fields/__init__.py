"""What people type into forms, lists and tables: labels, values, devices."""
