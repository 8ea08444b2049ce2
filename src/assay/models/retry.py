"""When to try again, and how long to wait: exponential back-off with full jitter, or what the server asks for.

Jitter as in "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): clients that failed together do not come
back together. A server's Retry-After (RFC 9110, section 10.2.3) is obeyed up to a limit.
"""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Backoff:
    """How failures are retried: `retries` times at most, waiting up to first * 2**n seconds, never over `longest`."""

    retries: int = 2
    first: float = 0.5
    longest: float = 20.0
    uniform: Callable[[float, float], float] = field(default=random.uniform, repr=False)

    def wait(self, attempt: int, retry_after: float | None = None) -> float | None:
        """Seconds to wait after the failed attempt number `attempt` (from 0); None means: give up.

        Given up at once where the server asks for more than `longest`.
        """
        if attempt >= self.retries:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest else None
        ceiling = min(self.longest, self.first * 2**attempt)
        return self.uniform(ceiling / 2, ceiling)


def retry_after_seconds(header: str | None, now: Callable[[], float] = time.time) -> float | None:
    """The value of a Retry-After header, seconds or a date, as seconds from now; None where there is none to read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - now())
