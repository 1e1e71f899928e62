"""What goes wrong in a world, and the truth about it: from the first visible sign to the end."""

import bisect
import collections
import dataclasses
import itertools

from shape import DAY, HOUR, WEEK
from usual import Episode, poisson

NEW_NAMES = ("CorruptedPages", "SplitBrain", "LedgerMismatch", "KernelPanicSeen", "SignatureInvalid", "ShardLost", "DoubleCharge", "FenceFailed",
             "ChecksumWrong", "LicenseRevoked", "RaidDegraded", "TokenReplayed", "JournalTorn", "QuorumLost", "VaultSealed", "RouteLeaked")
CRITICAL_SHARE = 0.4


@dataclasses.dataclass
class Label:
    start: float
    end: float
    subjects: list[str]
    kind: str


class Past:
    """What is known of each service's alerts before a time: names, how often, how long."""

    def __init__(self, episodes):
        self.seen = collections.defaultdict(list)  # (service, name): (start, lasted)
        for episode in sorted(episodes, key=lambda episode: episode.start):
            self.seen[episode.alert.service, episode.alert.name].append((episode.start, episode.end - episode.start))

    def count(self, service, name, at):
        return bisect.bisect_left(self.seen.get((service, name), []), (at, 0.0))

    def longest(self, service, name, at):
        return max(lasted for _, lasted in self.seen[service, name][: self.count(service, name, at)])


class Incidents:
    """Plans the incidents of a world and makes their episodes. Times of silence are kept apart: they remove episodes."""

    def __init__(self, shape, usual, chance, span):
        self.shape, self.usual, self.chance, self.span = shape, usual, chance, span
        self.past = Past(usual.episodes)
        self.labels, self.episodes = [], []
        self.outages = []  # (from, to) of the whole sender
        self.silent = []  # (heartbeat number, from, to)
        self.used = collections.defaultdict(list)  # service: [(from, to, kind)]
        self.new_names = (name + turn for turn in itertools.chain([""], map(str, itertools.count(2)))
                          for name in chance.sample(NEW_NAMES, len(NEW_NAMES)))

    def plan(self):
        """Each kind in turn, in an order of chance, each in its own part of the time."""
        week = self.shape.incidents_from_week
        begin = (self.shape.history_weeks if week < 0 else week) * WEEK + (5 * DAY if week == 0 else 0.0)
        end = self.span - 18 * HOUR
        count = round(self.shape.incidents_per_week * (end - begin) / WEEK)
        kinds = []
        while len(kinds) < count:
            kinds += self.chance.sample(self.shape.kinds, len(self.shape.kinds))
        kinds = kinds[:count]
        self.chance.shuffle(kinds)
        for number, kind in enumerate(kinds):
            slot = (end - begin) / count
            at = begin + slot * (number + self.chance.uniform(0.02, 0.72))
            getattr(self, kind)(at)

    # --- parts ---------------------------------------------------------------------------------------

    def services(self, at, kind):
        """Known services that have had no incident for a day, and none of this kind for a week."""
        known = [service for service in self.usual.services if service.since < at - 4 * DAY]
        free = [service for service in known
                if not any(at - to < (WEEK if before == kind else DAY) for _, to, before in self.used[service.name])]
        return free or known

    def names(self, service, at, least=1):
        """(kind, past count) of the names that this service is known for."""
        known = [(kind, self.past.count(service.name, kind.name, at)) for kind in service.kinds]
        return [(kind, count) for kind, count in known
                if count >= least and (service.name, kind.name) not in self.usual.flapping_names]

    def choose(self, at, kind, wanted):
        """A (service, alert kind, past count) with `wanted` true of it, or the most often seen one."""
        options = [(service, name, count) for service in self.services(at, kind) for name, count in self.names(service, at)]
        fit = [option for option in options if wanted(*option)]
        return self.chance.choice(fit) if fit else max(options, key=lambda option: option[2])

    def begin(self, kind, at, subjects):
        self.labels.append(Label(at, at, list(subjects), kind))
        return len(self.labels) - 1

    def finish(self, number, end):
        label = self.labels[number]
        label.end = end
        for name in label.subjects:
            self.used[name].append((label.start, end, label.kind))

    def fire(self, number, service, kind, at, lasts=None, place=None, value=None, severity=None, **more):
        chance = self.chance
        severity = severity or ("critical" if chance.random() < CRITICAL_SHARE else "warning")
        impact = more.pop("impact_annotation", "")
        alert = self.usual.alert(service, kind.name, severity, place or chance.choice(service.places_at(at)), **more)
        value = kind.usual_value(chance, at) if value is None else value
        self.episodes.append(Episode(at, at + (lasts or kind.duration(chance)), alert, value, impact, number))
        return self.episodes[-1].end

    def distinct(self, service, at, count):
        """(alert kind, place) pairs that this service is known for, all different while there are enough."""
        known = self.names(service, at)
        pairs = [(kind, place) for kind, _ in known for place in service.places_at(at)]
        self.chance.shuffle(pairs)
        return [pairs[index % len(pairs)] for index in range(count)]

    # --- kinds ---------------------------------------------------------------------------------------

    def burst(self, at):
        """6 to 25 alerts of one service within 5 to 20 minutes, of several names and places."""
        chance = self.chance
        options = [service for service in self.services(at, "burst") if len(self.names(service, at)) >= 3]
        service = chance.choice(options or self.services(at, "burst"))
        count, within = chance.randint(6, 25), chance.uniform(5, 20) * 60
        starts = sorted(chance.uniform(0, within) for _ in range(count))
        number, end = self.begin("burst", at, [service.name]), at
        for start, (kind, place) in zip(starts, self.distinct(service, at, count)):
            end = max(end, self.fire(number, service, kind, at + start - starts[0], max(600, kind.duration(chance)), place))
        self.finish(number, end)

    def slow_burn(self, at):
        """4 to 8 times as many alerts for 2 to 6 hours, on a service with enough of them for that to be seen at all."""
        chance = self.chance
        hour = int(at / HOUR) % 168
        busy = sorted(self.services(at, "slow_burn"), key=lambda service: -service.rate * service.week[hour])[:5]
        for _ in range(12):
            service, factor, lasts = chance.choice(busy), chance.uniform(4, 8), chance.uniform(2, 6) * HOUR
            extra = (factor - 1) * service.rate / 24 * service.week[hour] * lasts / HOUR
            if extra >= 12:
                break
        # Rates of a few a day make fewer than eight alerts even at eight times the rate: nobody would call that a burn.
        count = max(8, poisson(chance, extra))
        starts = sorted(chance.uniform(0, lasts) for _ in range(count))
        number, end = self.begin("slow_burn", at, [service.name]), at
        for start, (kind, place) in zip(starts, self.distinct(service, at, count)):
            end = max(end, self.fire(number, service, kind, at + start - starts[0], place=place))
        self.finish(number, end)

    def unknown(self, at, kind, options, name):
        """An alert whose name this service never had."""
        service = self.chance.choice(options)
        number = self.begin(kind, at, [service.name])
        like = self.chance.choice(service.kinds)
        made = dataclasses.replace(like, name=name(service), value=None)
        self.finish(number, self.fire(number, service, made, at, self.chance.uniform(15, 90) * 60))

    def never_seen(self, at):
        self.unknown(at, "never_seen", self.services(at, "never_seen"), lambda service: next(self.new_names))

    def never_here(self, at):
        """Known elsewhere; on a well-known service it never fired."""
        options = sorted(self.services(at, "never_here"), key=lambda service: -service.rate)
        had = {name for _, name in self.past.seen}

        def name(service):
            return self.chance.choice(sorted(had - {kind.name for kind in service.kinds}))

        self.unknown(at, "never_here", options[: max(1, len(options) // 4)], name)

    def impact(self, at):
        """An alert that speaks of customers, by label or by annotation, sometimes in company."""
        chance = self.chance
        service, kind, _ = self.choose(at, "impact", lambda service, kind, count: count >= 3)
        said, number = chance.choice(("possible", "confirmed")), self.begin("impact", at, [service.name])
        more = {"customer_impact": said} if chance.random() < 0.5 else {"impact_annotation": said}
        end = self.fire(number, service, kind, at, chance.uniform(15, 60) * 60, **more)
        for other, place in self.distinct(service, at, chance.randint(0, 3)):
            end = max(end, self.fire(number, service, other, at + chance.uniform(60, 900), place=place))
        self.finish(number, end)

    def flapping(self, at):
        """A calm alert toggles every one to three minutes for half an hour or an hour."""
        chance = self.chance
        service, kind, _ = self.choose(at, "flapping", lambda service, kind, count: 3 <= count <= at / DAY)
        number, until = self.begin("flapping", at, [service.name]), at + chance.uniform(30, 60) * 60
        place, severity = chance.choice(service.places_at(at)), "critical" if chance.random() < CRITICAL_SHARE else "warning"
        end = at
        while at < until:
            end = self.fire(number, service, kind, at, chance.uniform(60, 180), place, severity=severity)
            at = end + chance.uniform(60, 180)
        self.finish(number, end)

    def breadth(self, at):
        """A provider's outage: one or two alerts on each of many services within ten minutes."""
        chance = self.chance
        known = [service for service in self.usual.services if service.since < at - 4 * DAY and self.names(service, at)]
        count = min(len(known), chance.randint(8, 25))
        hit = chance.sample(known, count)
        number, end = self.begin("breadth", at, [service.name for service in hit]), at
        for service in hit:
            for kind, place in self.distinct(service, at, chance.randint(1, 2)):
                start = at if service is hit[0] else at + chance.uniform(0, 600)
                end = max(end, self.fire(number, service, kind, start, max(600, kind.duration(chance)), place))
        self.finish(number, end)

    def silence(self, at):
        """A regular alert stops; the sign is the first beat that was due and did not come."""
        chance = self.chance
        weights = [1 if period >= DAY else 3 for _, _, period, _ in self.usual.heartbeats]
        index = chance.choices(range(len(weights)), weights)[0]
        service, _, period, beats = self.usual.heartbeats[index]
        lasts = {DAY: chance.uniform(1.2, 1.8) * DAY, HOUR: chance.uniform(4, 10) * HOUR}.get(period, chance.uniform(2, 5) * HOUR)
        missed = [beat for beat in beats if at <= beat.start < at + lasts]
        if not missed:  # a daily one that is due later
            missed = [beat for beat in beats if beat.start >= at][:1]
            lasts = missed[0].start - at + HOUR
        after = next((beat.start for beat in beats if beat.start >= at + lasts), self.span)
        number = self.begin("silence", missed[0].start, [service.name])
        self.silent.append((index, missed[0].start, after))
        self.finish(number, after)

    def source_silent(self, at):
        """Nothing arrives at all for one to three hours. The sign is moved to the first request that is missed."""
        lasts = self.chance.uniform(1, 3) * HOUR
        self.outages.append((at, at + lasts))
        self.finish(self.begin("source_silent", at, []), at + lasts)

    def long(self, at):
        """An alert of minutes does not resolve for hours; the sign is twice its longest usual time."""
        chance, past = self.chance, self.past

        def usually_short(service, kind, count):
            return count >= 12 and past.longest(service.name, kind.name, at) <= 1.5 * HOUR

        service, kind, _ = self.choose(at, "long", usually_short)
        odd = at + 2 * past.longest(service.name, kind.name, at)
        number = self.begin("long", odd, [service.name])
        self.finish(number, self.fire(number, service, kind, at, odd - at + chance.uniform(1.5, 4) * HOUR))

    def value(self, at):
        """A known alert fires as it does, with a number far off its usual."""
        chance = self.chance
        service, kind, _ = self.choose(at, "value", lambda service, kind, count: kind.value and count >= 12)
        if kind.value is None:
            options = [(s, k) for s in self.usual.services for k, _ in self.names(s, at) if k.value]
            service, kind = max(options, key=lambda pair: self.past.count(pair[0].name, pair[1].name, at))
        mean, sigma, amplitude = kind.value
        off = chance.uniform(10, 20) * sigma
        if chance.random() < 0.3 and mean - amplitude - off > 0:
            off = -off
        number, end = self.begin("value", at, [service.name]), at
        for _ in range(chance.randint(1, 3)):
            end = self.fire(number, service, kind, at, value=kind.usual_value(chance, at) + off)
            at = end + chance.uniform(5, 20) * 60
        self.finish(number, end)

    # --- the whole -------------------------------------------------------------------------------------

    def without_missed_beats(self):
        """The beats of all heartbeats but those that a silence swallowed."""
        kept = []
        for index, (_, _, _, beats) in enumerate(self.usual.heartbeats):
            gaps = [(start, end) for number, start, end in self.silent if number == index]
            kept += [beat for beat in beats if not any(start <= beat.start < end for start, end in gaps)]
        return kept

    def first_signs(self, request_times):
        """A silent sender is first seen where a request would have come. Times are of a world without its silence."""
        for label in self.labels:
            if label.kind == "source_silent":
                missed = bisect.bisect_left(request_times, label.start)
                if missed < len(request_times) and request_times[missed] < label.end:
                    label.start = request_times[missed]
