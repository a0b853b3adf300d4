"""Call things again and again while the daemon runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from apscheduler.schedulers.asyncio import AsyncIOScheduler


def start_ticking(jobs: Iterable[tuple[Callable[[], Awaitable[None]], float]]) -> AsyncIOScheduler:
    """Call each job every so many seconds on this event loop, never twice at once; what was missed
    counts once. Return what ends it: `shutdown`."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job, seconds in jobs:
        scheduler.add_job(job, "interval", seconds=seconds)
    scheduler.start()
    return scheduler
