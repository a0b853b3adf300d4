"""What all tests share."""

from hypothesis import HealthCheck, settings

# No test asserts a time: a busy machine is no defect.
settings.register_profile("savd", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("savd")
