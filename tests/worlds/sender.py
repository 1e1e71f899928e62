"""Alertmanager as a sender: groups, waiting, repeats, twins, and what networks do to order. Episodes in, requests out."""

import calendar
import heapq
import json
import time

REPEAT = 4 * 3600.0
WAIT = 30.0
EPOCH = calendar.timegm((2026, 3, 2, 0, 0, 0))  # a Monday; a world begins there
NEVER_ENDS = "0001-01-01T00:00:00Z"


def rfc3339(seconds):
    """Seconds since a world began, as text, to the millisecond."""
    whole, part = divmod(round((EPOCH + seconds) * 1000), 1000)
    moment = time.gmtime(whole)
    return f"{moment.tm_year}-{moment.tm_mon:02}-{moment.tm_mday:02}T{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}.{part:03}Z"


def merged(episodes):
    """One alert cannot fire twice at once: overlapping episodes of the same alert become one. What belongs to an incident
    ends a usual episode a minute before, so that it is seen."""
    last, kept = {}, []
    for episode in sorted(episodes, key=lambda episode: episode.start):
        before = last.get(id(episode.alert))
        if before is not None and before.incident < 0 <= episode.incident:
            before.end = max(before.start, min(before.end, episode.start - 60))
            before = None
        if before is not None and episode.start < before.end + 5:
            before.end = max(before.end, episode.end)
            before.incident = max(before.incident, episode.incident)
        else:
            last[id(episode.alert)] = episode
            kept.append(episode)
    return kept


def flushes(episodes, outages, until):
    """(time, firing, resolved) of one group, as it is notified. Episodes are in order of start.

    What fired and ended between two flushes is never told, nor is what Alertmanager cannot tell from what it said before.
    """
    changes = sorted({time for episode in episodes for time in (episode.start, episode.end)})
    upcoming, active, told = 0, [], {}
    position, last_sent = 0, 0.0
    while position < len(changes) or told:
        change = changes[position] if position < len(changes) else until + REPEAT
        at = min(change + WAIT, last_sent + REPEAT) if told else change + WAIT
        for start, end in outages:
            if start <= at < end:
                at = end + (at * 7 % 40)
        if at >= until:
            return
        while position < len(changes) and changes[position] <= at:
            position += 1
        while upcoming < len(episodes) and episodes[upcoming].start <= at:
            active.append(episodes[upcoming])
            upcoming += 1
        active = [episode for episode in active if episode.end > at or id(episode.alert) in told]
        firing = {id(episode.alert): episode for episode in active if episode.end > at}
        ended = {id(episode.alert): episode for episode in active if episode.end <= at and id(episode.alert) not in firing}
        active = list(firing.values())
        if firing.keys() - told.keys() or ended or (told and at >= last_sent + REPEAT):
            yield at, list(firing.values()), list(ended.values())
            last_sent, told = at, firing


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def labels_text(alert):
    if not alert.text:
        alert.text = compact(alert.labels)
    return alert.text


def annotations_text(episode):
    annotations = {"summary": f"{episode.alert.name} on {episode.alert.service}"}
    if episode.value is not None:
        annotations["value"] = f"{episode.value:.4g}"
    if episode.impact:
        annotations["customer_impact"] = episode.impact
    return compact(annotations)


def alert_text(episode, status):
    ends = NEVER_ENDS if status == "firing" else rfc3339(episode.end)
    return (f'{{"status":"{status}","labels":{labels_text(episode.alert)},"annotations":{annotations_text(episode)},'
            f'"startsAt":"{rfc3339(episode.start)}","endsAt":"{ends}","generatorURL":""}}')


def body_text(key, firing, resolved):
    service, name = key
    alerts = [alert_text(episode, "firing") for episode in firing] + [alert_text(episode, "resolved") for episode in resolved]
    everyone = [episode.alert.labels for episode in (*firing, *resolved)]
    common = dict(set(everyone[0].items()).intersection(*(labels.items() for labels in everyone[1:])))
    group = {"alertname": name, "service": service}
    group_key = f'{{}}:{{alertname="{name}", service="{service}"}}'
    status = "firing" if firing else "resolved"
    return (f'{{"receiver":"iwakan","status":"{status}","alerts":[{",".join(alerts)}],"groupLabels":{compact(group)},'
            f'"commonLabels":{compact(dict(sorted(common.items())))},"commonAnnotations":{{}},"externalURL":"http://am-0.example:9093",'
            f'"version":"4","groupKey":{compact(group_key)},"truncatedAlerts":0}}')


class Sender:
    """The requests of a world, in the order in which they arrive."""

    def __init__(self, episodes, outages, until):
        self.episodes, self.outages, self.until = merged(episodes), sorted(outages), until

    def notifications(self):
        """(time, group, firing, resolved), in order."""
        groups = {}
        for episode in self.episodes:
            groups.setdefault((episode.alert.service, episode.alert.name), []).append(episode)

        def of_group(key):
            for at, firing, resolved in flushes(groups[key], self.outages, self.until):
                yield at, key, firing, resolved

        return heapq.merge(*(of_group(key) for key in groups), key=lambda told: told[:2])

    def write(self, file, chance):
        """Half of the notifications come from the twin as well; a few come twice, late, or out of order. Returns how many."""
        count, held = 0, []  # held: (time, order, body) of what is still on its way
        for at, key, firing, resolved in self.notifications():
            body = body_text(key, firing, resolved)
            took = chance.uniform(0.05, 0.6) if chance.random() > 0.003 else chance.uniform(60, 240)
            copies = [(at + took, body)]
            if chance.random() < 0.5:
                twin = body.replace('"http://am-0.example:9093"', '"http://am-1.example:9093"', 1)
                copies.append((at + chance.uniform(1, 20), twin))
            if chance.random() < 0.005:
                copies.append((at + chance.uniform(1, 90), body))
            while held and held[0][0] <= at:
                file.write(line(held[0][0], held[0][2]))
                heapq.heappop(held)
            for when, text in copies:
                when = self.held_up(when)
                if when < self.until:
                    heapq.heappush(held, (when, count, text))
                    count += 1
        while held:
            file.write(line(held[0][0], held[0][2]))
            heapq.heappop(held)
        return count

    def held_up(self, when):
        """What would arrive while nothing arrives comes when it is over."""
        for start, end in self.outages:
            if start <= when < end:
                return end + 45
        return when


def line(at, body):
    return (f'{{"at":"{rfc3339(at)}","method":"POST","path":"/v1/alertmanager",'
            f'"headers":{{"content-type":"application/json"}},"body":{body}}}\n')
