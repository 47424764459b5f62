"""One Hypothesis profile for all tests: the same examples on every run, no clock, no stored examples.

`CCHC_PROFILE=few` tries a quarter of the examples, for runs that repeat the tests hundreds of times.
"""

import os

from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
for name, examples in (("cchc", 100), ("few", 25)):
    settings.register_profile(
        name, derandomize=True, deadline=None, database=None, max_examples=examples, suppress_health_check=QUIET
    )
settings.load_profile(os.environ.get("CCHC_PROFILE", "cchc"))
