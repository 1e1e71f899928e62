"""What people have today, judged on the same worlds: "critical opens", and "n alerts in m minutes". Whoever uses the constants that
turn out best here has seen the answers, so the comparison flatters them."""

import collections

from scoring import Opening

COOL_DOWN = 3600.0  # a service that opened is left alone for so long
COUNTS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20)
MINUTES = (5, 10, 15, 30, 60, 120, 240)
CRITICAL = "severity = critical opens"


def firings(world):
    """(time, service, severity) of each new firing, when it is first told; repeats are not counted again."""
    last = {}
    for at, _, firing, _ in world.sender.notifications():
        for episode in firing:
            if last.get(id(episode.alert)) != episode.start:
                last[id(episode.alert)] = episode.start
                yield at, episode.alert.service, episode.alert.labels["severity"]


def cooled(times_and_services):
    """One opening a service and cool-down."""
    until, openings = {}, []
    for at, service in times_and_services:
        if at >= until.get(service, 0.0):
            until[service] = at + COOL_DOWN
            openings.append(Opening(at, (service,)))
    return openings


def alternatives(world):
    """(name, openings), one for each choice of constants."""
    fired = list(firings(world))
    yield CRITICAL, cooled((at, service) for at, service, severity in fired if severity == "critical")
    for minutes in MINUTES:
        recent = collections.defaultdict(collections.deque)
        counted = []
        for at, service, _ in fired:
            window = recent[service]
            window.append(at)
            while window[0] <= at - 60 * minutes:
                window.popleft()
            counted.append((len(window), at, service))
        for count in COUNTS:
            yield f"{count} alerts in {minutes} minutes", cooled((at, service) for seen, at, service in counted if seen >= count)
