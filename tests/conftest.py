"""One Hypothesis profile for all tests: the same examples on every run, no clock, no stored examples."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "cchc",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
settings.load_profile("cchc")
