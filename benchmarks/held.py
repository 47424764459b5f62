"""How much memory this process holds, as Linux tells it.

`ru_maxrss` will not do: a new process starts with what its parent held.
"""

from pathlib import Path


def held(kind: str = "VmHWM") -> float:
    """MiB: the most so far (`VmHWM`), or now (`VmRSS`)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024
