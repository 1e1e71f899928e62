"""The usual noise of a world: services with hosts, pods and alerts of their own, and everything that fires though all is well."""

import bisect
import dataclasses
import math

from shape import DAY, HOUR, WEEK

WORDS = ("checkout", "search", "cart", "payment", "catalog", "login", "mailer", "invoice", "stock", "shipping", "review", "coupon",
         "profile", "image", "ledger", "point", "gift", "order", "report", "session")
ENDINGS = ("", "-api", "-worker", "-db", "-web")
NAMES = ("HighErrorRatio", "HighLatency", "QueueGrowing", "DiskFilling", "MemoryHigh", "CpuThrottled", "PodRestarted", "ProbeFailed",
         "CertificateExpiring", "ReplicaLagging", "ConnectionsHigh", "CacheMissesHigh", "GcPauseLong", "ThreadsExhausted", "TimeoutsRising",
         "RetriesRising", "BacklogOld", "JobSlow", "JobFailed", "DeadlocksSeen", "IoWaitHigh", "NetworkErrors", "DnsSlow", "FileHandlesHigh",
         "ClockSkew", "SwapUsed", "LogErrorsRising", "DependencySlow", "RateLimited", "QuotaNear", "LockWaitLong", "SlowQueries", "HeapHigh",
         "RequestsDropped", "TlsHandshakeErrors", "UpstreamReset", "WorkersBusy", "SchedulerLate", "PartitionUneven", "CompactionLate")
BATCH_NAMES = ("BatchRunning", "IndexRebuild", "ExportSlow", "DumpRunning", "ReplicationPaused", "TablesLocked", "LoadHigh", "StatisticsStale")
HEARTBEAT_NAMES = ("BackupFinished", "QueueDrained", "FeedArrived", "SyncFinished", "ReportDelivered", "LedgerClosed", "MirrorUpdated")


class Alert:
    """One monitored condition, known by its labels."""

    __slots__ = ("service", "name", "labels", "text")

    def __init__(self, labels):
        self.service, self.name, self.labels, self.text = labels["service"], labels["alertname"], labels, ""


@dataclasses.dataclass(slots=True)
class Episode:
    """One firing; `incident` is the number of the label it belongs to, or -1. Times are seconds since the world began."""

    start: float
    end: float
    alert: Alert
    value: float | None = None
    impact: str = ""  # annotation
    incident: int = -1


@dataclasses.dataclass
class Kind:
    """An alert rule as it behaves on one service."""

    name: str
    weight: float
    minutes: float  # median duration
    sigma: float  # of the logarithm of the duration
    critical: float  # share of its episodes
    value: tuple[float, float, float] | None  # mean, sigma, amplitude over the day

    def duration(self, chance):
        return max(45.0, 60 * self.minutes * math.exp(self.sigma * chance.gauss(0, 1)))

    def usual_value(self, chance, at):
        if self.value is None:
            return None
        mean, sigma, amplitude = self.value
        return mean + amplitude * math.cos(2 * math.pi * (at / DAY - 0.58)) + chance.gauss(0, sigma)


@dataclasses.dataclass
class Service:
    name: str
    rate: float  # episodes a day of its own noise
    week: list[float]  # factor by hour of the week, mean 1
    kinds: list[Kind]
    related: list[str]
    pods: bool
    since: float = 0.0
    moves: list[float] = dataclasses.field(default_factory=list)  # when its places changed
    places: list[list[str]] = dataclasses.field(default_factory=list)

    def places_at(self, at):
        return self.places[max(0, bisect.bisect_right(self.moves, at) - 1)]

    def pick(self, chance):
        return chance.choices(self.kinds, [kind.weight for kind in self.kinds])[0]

    def kind(self, name):
        return next((kind for kind in self.kinds if kind.name == name), None)


def poisson(chance, mean):
    if mean <= 0:
        return 0
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def hours_of_week(chance):
    """Office hours, nights, or nearly flat."""
    nature = chance.choices(("office", "night", "flat"), (5, 2, 3))[0]
    deep = chance.uniform(0.6, 1.4)
    factors = []
    for hour in range(168):
        day, hour = divmod(hour, 24)
        if nature == "office":
            factor = 2.2 * deep if day < 5 and 9 <= hour < 19 else 0.35 if day < 5 else 0.3
        elif nature == "night":
            factor = 2.5 * deep if hour < 5 else 0.6
        else:
            factor = 1.2 if 7 <= hour < 23 else 0.7
        factors.append(factor)
    mean = sum(factors) / 168
    return [factor / mean for factor in factors]


def new_kind(chance, name, weight):
    mean = chance.uniform(40, 400)
    sigma = mean * chance.uniform(0.02, 0.08)
    value = (mean, sigma, 3 * sigma if chance.random() < 0.3 else 0.0) if chance.random() < 0.4 else None
    return Kind(name, weight, min(40.0, max(2.0, chance.lognormvariate(math.log(7), 0.7))), chance.uniform(0.35, 0.8),
                chance.choices((0.0, 0.2, 0.6), (58, 25, 17))[0], value)


class Usual:
    """All services and the episodes that mean nothing, up to `span` seconds."""

    def __init__(self, shape, stream, span):
        self.shape, self.stream, self.span = shape, stream, span
        self.alerts = {}
        self.episodes = []
        self.heartbeats = []  # (service, alert, period, beats: list of episodes)
        self.onboarded = None  # (service name, when)
        self.services = self.make_services(stream("services"))
        self.by_name = {service.name: service for service in self.services}
        self.flapping_names = set()
        self.deploys(stream("deploys"))
        self.more_hosts(stream("hosts"))
        for part in (self.batches, self.flappers, self.rare, self.onboard):
            part(stream(part.__name__))
        self.background(stream("background"))
        self.beats(stream("beats"))

    # --- services ---------------------------------------------------------------------------------

    def make_services(self, chance):
        names = [word + ending for ending in ENDINGS for word in WORDS][: self.shape.services + 1]
        services = [self.make_service(chance, name, names) for name in names[:-1]]
        total = sum(service.rate for service in services)
        for service in services:
            service.rate /= total  # a share, until the rest of the noise is known
        self.newcomer = names[-1]
        return services

    def make_service(self, chance, name, names):
        kinds = [new_kind(chance, kind, 1 / (1 + rank) ** 0.8)
                 for rank, kind in enumerate(chance.sample(NAMES, chance.randint(6, 15)))]
        others = [other for other in names[:-1] if other != name]
        service = Service(name, chance.lognormvariate(0, self.shape.rate_spread), hours_of_week(chance), kinds,
                          chance.sample(others, min(2, len(others))), chance.random() < 0.6)
        service.moves, service.places = [0.0], [self.new_places(chance, service, chance.randint(2, 6))]
        return service

    def new_places(self, chance, service, count):
        if service.pods:
            revision = f"{chance.getrandbits(36):09x}"
            return [f"{service.name}-{revision}-{chance.getrandbits(20):05x}" for _ in range(count)]
        return [f"{service.name}-{number + 1}.example:9100" for number in range(count)]

    def alert(self, service, name, severity, place, **more):
        """The same labels give the same alert."""
        key = (service.name, name, severity, place, *more.items())
        found = self.alerts.get(key)
        if found is None:
            where = {"pod": place, "namespace": "shop"} if service.pods else {"instance": place, "job": "node"}
            found = self.alerts[key] = Alert({"alertname": name, "service": service.name, "severity": severity, **where, **more})
        return found

    def fire(self, chance, service, kind, at, place=None):
        if not service.since <= at < self.span:
            return
        severity = "critical" if chance.random() < kind.critical else "warning"
        alert = self.alert(service, kind.name, severity, place or chance.choice(service.places_at(at)))
        self.episodes.append(Episode(at, at + kind.duration(chance), alert, kind.usual_value(chance, at)))

    # --- the parts of the noise ---------------------------------------------------------------------

    def deploys(self, chance):
        """On working days: new pods, and often a flurry of this service's alerts."""
        for day in range(int(self.span / DAY)):
            if day % 7 >= 5:
                continue
            for _ in range(poisson(chance, self.shape.deploys_per_day)):
                service = chance.choice(self.services)
                at = day * DAY + chance.uniform(9.5, 18) * HOUR
                if service.pods and at > service.moves[-1]:
                    service.moves.append(at)
                    service.places.append(self.new_places(chance, service, len(service.places[-1])))
                if chance.random() < 0.6:
                    for _ in range(chance.randint(2, 5)):
                        self.fire(chance, service, chance.choice(service.kinds[:5]), at + chance.expovariate(1 / 200))

    def more_hosts(self, chance):
        hosted = [service for service in self.services if not service.pods] or self.services
        for _ in range(self.shape.new_hosts):
            service, at = chance.choice(hosted), chance.uniform(0.1, 0.95) * self.span
            if at > service.moves[-1]:
                service.moves.append(at)
                service.places.append(service.places[-1] + self.new_places(chance, service, len(service.places[-1]) + 1)[-1:])

    def batches(self, chance):
        plans = [(DAY, chance.uniform(0, 5) * HOUR, 1, 3) for _ in range(self.shape.nightly_batches)]
        plans += [(WEEK, 6 * DAY + chance.uniform(1, 7) * HOUR, 2, 4) for _ in range(self.shape.weekly_batches)]
        for number, (period, offset, services_least, services_most) in enumerate(plans):
            parts = []
            for service in chance.sample(self.services, chance.randint(services_least, services_most)):
                for name in chance.sample(BATCH_NAMES, chance.randint(1, 2)):
                    kind = new_kind(chance, name, 0.0)
                    service.kinds.append(kind)
                    parts.append((service, kind, chance.uniform(0, 20 * 60), chance.choice(service.places[0])))
            # A pod of a batch keeps its name: it is a job, not a deployment.
            for turn in range(int(self.span / period) + 1):
                late = chance.gauss(0, 150)
                for service, kind, after, place in parts:
                    if chance.random() < 0.9:
                        self.fire(chance, service, kind, turn * period + offset + late + after + chance.gauss(0, 60), place)

    def flappers(self, chance):
        """Known to toggle dozens of times on some days."""
        for _ in range(chance.randint(*self.shape.flappers)):
            service = chance.choice(self.services)
            kind = chance.choice(service.kinds[:4])
            self.flapping_names.add((service.name, kind.name))
            for day in range(int(self.span / DAY)):
                if chance.random() >= self.shape.flapper_days:
                    continue
                at, left = day * DAY + chance.uniform(0, 18) * HOUR, chance.randint(15, 60)
                severity, place = "warning", chance.choice(service.places_at(at))
                alert = self.alert(service, kind.name, severity, place)
                while left and at < self.span:
                    lasts = chance.uniform(40, 180)
                    self.episodes.append(Episode(at, at + lasts, alert, kind.usual_value(chance, at)))
                    at += lasts + 45 + chance.expovariate(1 / 240)
                    left -= 1

    def rare(self, chance):
        """A name that each service has about once a week."""
        for service in self.services:
            unused = [name for name in NAMES if service.kind(name) is None]
            kind = new_kind(chance, chance.choice(unused), 0.0)
            service.kinds.append(kind)
            for _ in range(poisson(chance, self.span / WEEK)):
                self.fire(chance, service, kind, chance.uniform(0, self.span))

    def onboard(self, chance):
        """A new service: ten kinds of alert on its first day, an ordinary service afterwards."""
        if not self.shape.onboarding:
            return
        service = self.make_service(chance, self.newcomer, [other.name for other in self.services] + [self.newcomer])
        service.since = chance.uniform(9 * DAY, self.span - 2 * DAY) if self.span > 12 * DAY else self.span / 2
        service.rate = 1 / len(self.services)
        service.kinds = service.kinds[:10]
        while len(service.kinds) < 10:
            name = chance.choice([name for name in NAMES if service.kind(name) is None])
            service.kinds.append(new_kind(chance, name, 0.2))
        for kind in service.kinds:
            self.fire(chance, service, kind, service.since + chance.uniform(0, 10 * HOUR))
        self.services.append(service)
        self.by_name[service.name] = service
        self.onboarded = (service.name, service.since)

    def background(self, chance):
        """What is left of the asked number: single alerts and clusters at rates of hour and mood."""
        shape = self.shape
        left = max(0.35 * shape.episodes_per_day, shape.episodes_per_day - len(self.episodes) / (self.span / DAY))
        mean_size = 1 + shape.cluster_share * ((2 + shape.cluster_most) / 2 - 1)
        left = max(0.2 * left, left - shape.common_per_day * 6)
        hours = int(self.span / HOUR)
        common = self.wandering(chance, hours, shape.wander * 0.5)
        for service in list(self.services):
            service.rate *= left
            own = self.wandering(chance, hours, shape.wander)
            level = service.rate / mean_size / 24
            for hour in range(hours):
                mean = level * service.week[hour % 168] * math.exp(own[hour] + common[hour])
                for _ in range(poisson(chance, mean)):
                    self.cluster(chance, service, (hour + chance.random()) * HOUR)
        for _ in range(poisson(chance, shape.common_per_day * self.span / DAY)):
            at = chance.uniform(0, self.span)
            for service in chance.sample(self.services, min(len(self.services), chance.randint(2, 5))):
                for _ in range(chance.randint(1, 2)):
                    self.fire(chance, service, service.pick(chance), at + chance.expovariate(1 / 240))

    def cluster(self, chance, service, at):
        size = chance.randint(2, self.shape.cluster_most) if chance.random() < self.shape.cluster_share else 1
        other = service
        if size > 1 and chance.random() < self.shape.spill_share:
            other = self.by_name[chance.choice(service.related)]
        for number in range(size):
            who = other if number and chance.random() < 0.5 else service
            self.fire(chance, who, who.pick(chance), at)
            at += chance.expovariate(1 / 90)

    @staticmethod
    def wandering(chance, hours, sigma):
        """AR(1) by the hour, remembered for a day and a half, with the mean of its exponential 1."""
        stay = math.exp(-1 / 36)
        step = sigma * math.sqrt(1 - stay * stay)
        values, value = [], chance.gauss(0, sigma)
        for _ in range(hours):
            values.append(value - sigma * sigma / 2)
            value = stay * value + chance.gauss(0, step)
        return values

    def beats(self, chance):
        """Alerts that are always regular; it is their absence that means something."""
        hosts = chance.sample(self.services[: self.shape.services], len(self.shape.heartbeats))
        for number, (service, period) in enumerate(zip(hosts, self.shape.heartbeats)):
            alert = self.alert(service, HEARTBEAT_NAMES[number], "info", service.places[0][0])
            jitter = {DAY: 180.0, HOUR: 40.0}.get(period, 20.0)
            due, beats = chance.uniform(0.1, 0.9) * period, []
            while due + 600 < self.span:
                at = due + max(-3 * jitter, min(3 * jitter, chance.gauss(0, jitter)))
                beats.append(Episode(at, at + 120 + chance.uniform(-15, 15), alert))
                due += period
            self.heartbeats.append((service, alert, period, beats))
