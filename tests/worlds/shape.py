"""What may differ between worlds: how many services, how much noise of which nature, which incidents and how often."""

import dataclasses

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY

KINDS = ("burst", "slow_burn", "never_seen", "impact", "flapping", "breadth", "silence", "source_silent", "long", "value")


@dataclasses.dataclass(frozen=True)
class Shape:
    """A kind of world. Episodes a day are those of ordinary noise; heartbeats come on top."""

    services: int = 40
    episodes_per_day: float = 150
    history_weeks: int = 3  # without scoring
    scored_weeks: int = 3
    incidents_per_week: float = 13 / 3
    incidents_from_week: int = -1  # counted from 0; -1: with the scored weeks
    kinds: tuple[str, ...] = KINDS
    rate_spread: float = 1.0  # sigma of the lognormal rates of services
    cluster_share: float = 0.2  # of noise that comes as a cluster
    cluster_most: int = 4
    spill_share: float = 0.25  # of clusters that reach a related service
    common_per_day: float = 0.0  # blips that touch several services at once
    wander: float = 0.15  # sigma of the slow AR(1) of log rates
    deploys_per_day: float = 4  # working days
    flappers: tuple[int, int] = (2, 4)
    flapper_days: float = 0.3  # share of days on which a flapper flaps
    heartbeats: tuple[float, ...] = (HOUR / 4, HOUR, HOUR, DAY)  # periods
    nightly_batches: int = 3
    weekly_batches: int = 1
    new_hosts: int = 3
    onboarding: bool = True

    @property
    def weeks(self):
        return self.history_weeks + self.scored_weeks

    def with_weeks(self, weeks):
        """The same with so many weeks in all; the history gives way when they are few."""
        history = min(self.history_weeks, max(1, weeks // 2))
        return dataclasses.replace(self, history_weeks=history, scored_weeks=max(1, weeks - history))


SHAPES = {
    "ordinary": Shape(),
    "quiet": Shape(services=10, episodes_per_day=20, deploys_per_day=1, flappers=(1, 2), flapper_days=0.08,
                   heartbeats=(HOUR, DAY), nightly_batches=1, new_hosts=1),
    "busy": Shape(services=80, episodes_per_day=600, deploys_per_day=12, flappers=(3, 4),
                  heartbeats=(HOUR / 4, HOUR / 4, HOUR, HOUR, HOUR, DAY, DAY), nightly_batches=6, weekly_batches=2, new_hosts=8),
    "bursty": Shape(cluster_share=0.5, cluster_most=7, spill_share=0.4, common_per_day=1.0, wander=0.5, rate_spread=1.2),
    "young": Shape(history_weeks=1, scored_weeks=4, incidents_per_week=3.5),
    # Incidents in the history as well, and alerts that are known elsewhere and never fired here.
    "scarred": Shape(incidents_from_week=0, kinds=(*KINDS, "never_here")),
}
