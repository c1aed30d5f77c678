#!/usr/bin/env python3
"""What Rapport says where partners go by a rule that favours nobody, and where one pair is favoured, as Markdown tables. Needs numpy.

    Benchmarks/fair_rules.py [TOOL] [--runs 20] [--first 1] [WORLD …]

TOOL is .build/release/rapport unless given; all worlds unless some are named; runs are seeds from `--first` on. The simulator is this
file's own: 20 managers ask, for a year, two of three partners each, who work weekdays from 9 to 17 and are busy 85 % of that unless
told otherwise. "By choice" means: one of the open requests, likelier the longer it waits and the higher its priority, and by topic.

The first table counts runs with at least one signal, by level and at any; every one is wrong, as the rule asks what is due, who
escalated, when it came or what is near, but never whom the partner likes. `sitedays` does treat sites differently, by a rule that
the log doesn't tell: signals are no error there. In the worlds of the second P00 treats M00 differently and nobody else: in how many
runs that pair is a signal in the right direction, and in the opposite one; how many signals other pairs get, in all runs together;
and the median of the pair's plain estimate (before shrinkage), where there is one.
"""
import argparse
import csv
import datetime
import heapq
import json
import os
import subprocess
import tempfile

import numpy as np

HOUR, DAY, DAYS = 3600.0, 86400.0, 364
END, NEVER = DAYS * int(DAY), 1e15
START = datetime.datetime(2025, 1, 6, tzinfo=datetime.timezone.utc)  # a Monday; times are seconds from here
OPENS, CLOSES = 9 * HOUR, 17 * HOUR
MANAGERS, PARTNERS = 20, 3
TOPICS, EFFORTS = ["leave", "pay", "contract", "sick", "training"], [0.5, 1, 1.6, 0.8, 1.2]
TOPIC_PULL, PRIORITY_PULL = [0.5, 0, -0.5, 0.2, 0], [0.8, 0, -0.6]
LEVELS = ["pairs", "partners", "managers", "groups"]


# Hours, demand, work

def working(time):
    """The time itself, or the next opening."""
    while int(time // DAY) % 7 > 4 or not OPENS <= time % DAY < CLOSES:
        day = time // DAY
        before = int(day) % 7 <= 4 and time % DAY < OPENS
        time = (day if before else day + 1) * DAY + OPENS
    return time


def after(time, work):
    """When work is done that is begun at a time."""
    time = working(time)
    while time + work > (closing := time // DAY * DAY + CLOSES):
        work, time = work - (closing - time), working(closing)
    return time + work


def set_load(requests, load):
    for partner in range(PARTNERS):
        own = [r for r in requests if r["partner"] == partner]
        factor = DAYS * 5 / 7 * 8 * HOUR * load / sum(r["effort"] for r in own)
        for r in own:
            r["effort"] *= factor


def office_hours(random, manager):
    return 9 * HOUR + random.random() * 8 * HOUR


def demand(random, load=0.85, hour=office_hours, rate_deviation=0.3):
    """A year's requests; managers differ in rates, partners, topics and priorities."""
    requests = []
    rates = 20 * np.exp(random.normal(0, rate_deviation, MANAGERS) - rate_deviation**2 / 2)
    for manager in range(MANAGERS):
        partners = random.permutation(PARTNERS)[:2]
        topics, priorities = random.dirichlet(np.full(len(TOPICS), 1.5)), random.dirichlet([2.0, 6.0, 2.0])
        for _ in range(random.poisson(rates[manager] * 12)):
            while (day := int(random.integers(0, DAYS))) % 7 > 4:
                pass
            requests.append({
                "asked": float(day * DAY + hour(random, manager)), "manager": manager,
                "partner": int(partners[random.choice(2, p=[0.7, 1 - 0.7])]),
                "topic": int(random.choice(len(TOPICS), p=topics)), "priority": int(random.choice(3, p=priorities)),
            })
    for r in requests:
        r["effort"] = EFFORTS[r["topic"]] * random.gamma(2, 0.5)
    set_load(requests, load)
    return requests


def serve(random, requests, choose, at_once=1):
    """Each partner picks by `choose(random, queue, time)`; requests of one letter are taken and answered together."""
    for partner in range(PARTNERS):
        coming = sorted((r for r in requests if r["partner"] == partner), key=lambda r: r["asked"])
        queue, next_one, free = [], 0, [0.0] * at_once
        while next_one < len(coming) or queue:
            slot = int(np.argmin(free))
            time = working(free[slot])
            if not queue and coming[next_one]["asked"] > time:
                time = working(coming[next_one]["asked"])
            while next_one < len(coming) and coming[next_one]["asked"] <= time:
                queue.append(coming[next_one])
                next_one += 1
            letters = list({r.get("letter", id(r)): r for r in reversed(queue)}.values())[::-1]
            picked = letters[choose(random, letters, time)]
            together = [r for r in queue if r is picked or r.get("letter", -1) == picked.get("letter", -2)]
            queue = [r for r in queue if not any(r is other for other in together)]
            free[slot] = after(time, at_once * sum(r["effort"] for r in together))
            for r in together:
                r["answered"] = free[slot]
    return requests


def serve_passing_on(random, requests, choose):
    """One in eight comes to the wrong partner, who passes it on in five minutes when its turn comes. All partners side by side."""
    for r in [r for r in requests if random.random() < 0.125]:
        r["answerer"] = (r["partner"] + 1) % PARTNERS
    arrivals = [(r["asked"], number, r, r["partner"]) for number, r in enumerate(requests)]
    heapq.heapify(arrivals)
    queues, free, number = [[] for _ in range(PARTNERS)], [0.0] * PARTNERS, len(requests)
    while True:
        turn = None
        for partner in (p for p in range(PARTNERS) if queues[p]):
            time = max(working(free[partner]), min(r["arrived"] for r in queues[partner]))
            if turn is None or time < turn[0]:
                turn = working(time), partner
        if arrivals and (turn is None or arrivals[0][0] <= turn[0]):
            time, _, r, partner = heapq.heappop(arrivals)
            r["arrived"] = time
            queues[partner].append(r)
            continue
        if turn is None:
            return requests
        time, partner = turn
        waiting = [r for r in queues[partner] if r["arrived"] <= time]
        r = waiting[choose(random, waiting, time)]
        queues[partner].remove(r)
        if r.get("answerer", partner) != partner:
            free[partner] = after(time, 300)
            heapq.heappush(arrivals, (free[partner], number, r, r["answerer"]))
            number += 1
            r["event"] = free[partner], "reassign", r["answerer"]
        else:
            free[partner] = r["answered"] = after(time, r["effort"])


# Rules

def first_by(key):
    """The request of the lowest key(request, time)."""
    return lambda random, queue, time: min(range(len(queue)), key=lambda i: key(queue[i], time))


def drawn_by(pull):
    """One at random, in proportion to exp(pull(request, time))."""
    return lambda random, queue, time: int(np.argmax(np.asarray([pull(r, time) for r in queue]) + random.gumbel(size=len(queue))))


def choice_with(favour):
    return drawn_by(lambda r, time: 0.8 * np.log1p((time - r["asked"]) / HOUR) + PRIORITY_PULL[r["priority"]]
                    + TOPIC_PULL[r["topic"]] + favour(r))


by_choice = choice_with(lambda r: 0.0)
oldest = first_by(lambda r, time: r["asked"])
newest = first_by(lambda r, time: -r["asked"])
earliest_due = first_by(lambda r, time: r["due"])


def mostly_newest(share):
    return lambda random, queue, time: (newest(random, queue, time) if random.random() < share else int(random.integers(len(queue))))


# Worlds: each returns requests and, where it has them, options of `write`

FAIR, FAVOURED = {}, {}


def fair(world):
    FAIR[world.__name__] = world
    return world


def add_fair(name, told, make):
    FAIR[name] = make
    make.__doc__ = told


def with_deadlines(random, deviation):
    requests = demand(random)
    usual = np.exp(random.normal(np.log(5), deviation, MANAGERS))
    for r in requests:
        r["due"] = r["asked"] + DAY * usual[r["manager"]] * np.exp(random.normal(0, 0.5))
    return requests


def with_escalations(random, some, others):
    """Who waits half a day to one and a half may escalate: a fifth of managers so often, the others so often."""
    requests = demand(random, load=0.92)
    for r in requests:
        wait, often = 0.5, some if r["manager"] % 5 == 0 else others
        r["escalates"] = r["asked"] + DAY * (wait + random.random()) if random.random() < often else NEVER
    serve(random, requests, first_by(lambda r, time: (r["escalates"] > time, r["asked"])))
    for r in requests:
        if r["escalates"] < r["answered"]:
            r["event"] = r["escalates"], "escalation", r["partner"]
    return requests


def some_at_night(random, choose):
    def hour(random, manager):
        return (9 + random.random() * 8) * HOUR if manager % 4 else (18 + random.random() * 6) * HOUR

    return serve(random, demand(random, hour=hour), choose), {"site": lambda m: "home" if m % 4 else "abroad"}


def with_letters(random, share):
    """M00 writes letters of two to four matters, or this share of them: taken up as one, answered with one stamp, a case each."""
    requests = demand(random)
    own, start = [r for r in requests if r["manager"] == 0], 0
    while start < len(own):
        size = int(random.integers(2, 5)) if share == 1 or random.random() < share else 1
        for r in own[start:start + size]:
            r.update({key: own[start][key] for key in ("asked", "partner", "topic", "priority")}, letter=start)
        start += size
    return serve(random, requests, by_choice)


def on_paper(random, is_paper):
    requests = serve(random, demand(random), by_choice)
    for r in requests:
        if is_paper(r["manager"]):
            r["stamp"] = r["asked"] // DAY * DAY
    return requests


add_fair("fifo", "oldest first", lambda random: serve(random, demand(random), oldest))
add_fair("plain", "by choice", lambda random: serve(random, demand(random), by_choice))
add_fair("edf", "earliest due date first; managers' usual deadlines differ (log deviation ½)",
         lambda random: serve(random, with_deadlines(random, 0.5), earliest_due))
add_fair("edf_mild", "the same; deadlines differ half as much", lambda random: serve(random, with_deadlines(random, 0.25), earliest_due))
add_fair("edf_soft", "due date and priority weigh", lambda random: serve(
    random, with_deadlines(random, 0.5), drawn_by(lambda r, time: -0.3 * (r["due"] - time) / DAY + PRIORITY_PULL[r["priority"]])))
add_fair("escalate", "what is escalated (logged) first, then oldest; a fifth of managers escalate 60 %, others 3 %; busy 92 %",
         lambda random: with_escalations(random, 0.6, 0.03))
add_fair("escalate_mild", "the same; 25 % and 5 %", lambda random: with_escalations(random, 0.25, 0.05))
add_fair("reassign", "by choice; one in eight is passed on (logged), its whole wait counts",
         lambda random: serve_passing_on(random, demand(random), by_choice))
add_fair("reassign_fifo_own", "by arrival at the partner; one in eight is passed on (logged) and starts anew",
         lambda random: serve_passing_on(random, demand(random), first_by(lambda r, time: r["arrived"])))
add_fair("night_lifo", "newest first; a quarter of managers ask between 18 and 24 o'clock", lambda random: some_at_night(random, newest))
add_fair("lifo90_night", "the same in 90 % of picks, else any", lambda random: some_at_night(random, mostly_newest(0.9)))
add_fair("lifo70_night", "the same in 70 % of picks, else any", lambda random: some_at_night(random, mostly_newest(0.7)))


@fair
def lifo_hours(random):
    """newest first; managers differ in the hour at which they ask"""
    usual = np.clip(random.normal(13, 2.5, 40), 8, 18)
    return serve(random, demand(random, hour=lambda random, m: np.clip(random.normal(usual[m], 1), 0, 23.9) * HOUR), newest)


add_fair("sorted_inbox_am", "what came since 16 o'clock of the day before newest first, then oldest first; a quarter ask at night",
         lambda random: some_at_night(random, first_by(
             lambda r, time: (0, -r["asked"]) if r["asked"] >= time // DAY * DAY - 8 * HOUR else (1, r["asked"]))))


@fair
def sitedays(random):
    """site A on Mondays and Tuesdays, B else; oldest first; the other site when none waits"""
    rule = first_by(lambda r, time: ((r["manager"] % 5 < 2) != (int(time // DAY) % 7 < 2), r["asked"]))
    return serve(random, demand(random), rule), {"site": lambda m: "A" if m % 5 < 2 else "B"}


@fair
def roundrobin(random):
    """managers in turn: whom the partner served longest ago, that one's oldest"""
    served = {}

    def choose(random, queue, time):
        place = min(range(len(queue)), key=lambda i: (served.get((queue[i]["partner"], queue[i]["manager"]), -1), queue[i]["asked"]))
        served[queue[place]["partner"], queue[place]["manager"]] = time
        return place

    return serve(random, demand(random, rate_deviation=0.6), choose)


add_fair("tied_clean", "by choice; M00's letters hold two to four requests, answered at once", lambda random: with_letters(random, 1))
add_fair("tied_clean_half", "the same of half of M00's letters", lambda random: with_letters(random, 0.5))
add_fair("paper", "by choice; requests of a fifth of managers are logged with the date alone (midnight)",
         lambda random: on_paper(random, lambda m: m % 5 == 0))
add_fair("paper_one", "the same of M00's", lambda random: on_paper(random, lambda m: m == 0))
add_fair("paper_channel", "the same of 35 % of M00's and 5 % of the others'",
         lambda random: on_paper(random, lambda m: random.random() < 0.05 + 0.3 * (m == 0)))


@fair
def daystamp_groups(random):
    """by choice; dates alone; two fifths of managers ask from 7 to 9, others from 15 to 17 o'clock; busy 70 %"""
    requests = demand(random, load=0.7, hour=lambda random, m: ((7 if m % 5 < 2 else 15) + random.random() * 2) * HOUR)
    return serve(random, requests, by_choice), {"shift": lambda m: "early" if m % 5 < 2 else "late"}, True


@fair
def daystamp_effort(random):
    """oldest first; dates alone; what one site asks takes six times as long (not logged); busy 60 %"""
    requests = demand(random)
    for r in requests:
        r["effort"] *= 6 if r["manager"] % 5 < 2 else 1
    set_load(requests, 0.6)
    return serve(random, requests, oldest), {"site": lambda m: "A" if m % 5 < 2 else "B"}, True


def is_pair(r):
    return r["manager"] == 0 and r["partner"] == 0


def with_pair(random):
    """M00 asks P00 most."""
    requests = demand(random)
    for r in requests:
        if r["manager"] == 0 and random.random() < 0.7:
            r["partner"] = 0
    set_load(requests, 0.85)
    return requests


def add_favoured(name, told, sooner, make):
    FAVOURED[name] = told, sooner, make


def half_ignored(random):
    requests = with_pair(random)
    ignored = [r for r in requests if is_pair(r) and random.random() < 0.5]
    for r in ignored:
        r["answered"] = NEVER
    rest = [r for r in requests if "answered" not in r]
    set_load(rest, 0.85)
    return serve(random, rest, oldest) + ignored


favouring = choice_with(lambda r: np.log(2.5) * is_pair(r))
add_favoured("f_plain", "by choice, M00 2.5×", True, lambda random: serve(random, with_pair(random), favouring))
add_favoured("f_slow", "by choice, M00 0.4×", False,
             lambda random: serve(random, with_pair(random), choice_with(lambda r: -np.log(2.5) * is_pair(r))))
add_favoured("f_ignored", "oldest first; half of M00's are never answered", False, half_ignored)
add_favoured("f_multitask", "by choice, M00 2.5×; three at a time", True,
             lambda random: serve(random, with_pair(random), favouring, at_once=3))


# Logs and findings

def write(folder, requests, attributes=None, dates_only=False):
    """The log up to the year's end and, where managers have an attribute, the roster; the paths as arguments."""
    rows = []
    for case, r in enumerate(requests):
        def row(time, kind, partner, *rest):
            return [int(time) // (int(DAY) if dates_only else 1) * (int(DAY) if dates_only else 1), kind,
                    f"M{r['manager']:02d}", f"P{partner:02d}", f"C{case}", *rest]

        asked = row(r.get("stamp", r["asked"]), "request", r["partner"], TOPICS[r["topic"]], "HML"[r["priority"]],
                    iso(r["due"]) if "due" in r else "")
        answered = row(r["answered"], "response", r.get("answerer", r["partner"]), "", "", "")
        rows += [asked] + [answered] * (answered[0] <= END) + ([row(*r["event"], "", "", "")] if "event" in r else [])
    log, roster = os.path.join(folder, "events.csv"), os.path.join(folder, "managers.csv")
    with open(log, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow("timestamp kind manager partner case topic priority due".split())
        table.writerows([iso(row[0])[:10 if dates_only else None], *row[1:]] for row in sorted(rows, key=lambda row: row[:2]))
    if not attributes:
        return [log]
    with open(roster, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["manager", *attributes])
        table.writerows([f"M{m:02d}", *(value(m) for value in attributes.values())] for m in range(MANAGERS))
    return [log, "--roster", roster]


def iso(time):
    return (START + datetime.timedelta(seconds=int(time))).strftime("%Y-%m-%dT%H:%M:%SZ")


def findings(tool, make, seeds):
    """What the tool finds in each run of a world."""
    for seed in seeds:
        made = make(np.random.default_rng(seed))
        with tempfile.TemporaryDirectory() as folder:
            paths = write(folder, *(made if isinstance(made, tuple) else (made,)))
            run = subprocess.run([tool, "favouritism", *paths, "--format", "json", "--quiet"], check=True, stdout=subprocess.PIPE)
        yield json.loads(run.stdout)["favouritism"]


def signals(found, level):
    return [finding for finding in found.get(level, []) if finding["verdict"] == "signal"]


def fair_row(name, tool, seeds):
    counts = np.array([[bool(signals(found, level)) for level in LEVELS] for found in findings(tool, FAIR[name], seeds)])
    return [name, FAIR[name].__doc__, len(counts), *counts.sum(0), counts.any(1).sum()]


def favoured_row(name, tool, seeds):
    told, sooner, make = FAVOURED[name]
    right = opposite = others = 0
    estimates = []
    for found in findings(tool, make, seeds):
        for pair in found["pairs"]:
            signal = pair["verdict"] == "signal"
            if (pair["manager"], pair["partner"]) != ("M00", "P00"):
                others += signal
                continue
            right += signal and (pair["ratio"] > 1) == sooner
            opposite += signal and (pair["ratio"] > 1) != sooner
            if pair.get("estimate"):
                estimates.append(pair["estimate"]["ratio"])
    return [name, told, len(seeds), right, opposite, others, f"{np.median(estimates):.2f}" if estimates else ""]


def print_table(columns, names, row, tool, seeds):
    if not names:
        return
    print(f"| world | what partners do | {' | '.join(columns)} |\n| --- | --- |{' ---: |' * len(columns)}", flush=True)
    for name in names:
        print(f"| {' | '.join(map(str, row(name, tool, seeds)))} |", flush=True)
    print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", metavar="TOOL or WORLD", nargs="*", help=f"the tool; some of {', '.join([*FAIR, *FAVOURED])}")
    parser.add_argument("--runs", default=20, type=int)
    parser.add_argument("--first", default=1, type=int)
    arguments = parser.parse_intermixed_args()
    named = [word for word in arguments.words if word in FAIR or word in FAVOURED]
    tools = [word for word in arguments.words if word not in named]
    if len(tools) > 1:
        parser.error(f"no such world: {', '.join(tools[1:])}")
    here = os.path.dirname(os.path.abspath(__file__))
    tool = tools[0] if tools else os.path.join(here, "../.build/release/rapport")
    seeds = range(arguments.first, arguments.first + arguments.runs)
    print_table(["runs", *LEVELS, "any"], [n for n in FAIR if n in named or not named], fair_row, tool, seeds)
    print_table(["runs", "found", "opposite", "others' signals", "median plain estimate"],
                [n for n in FAVOURED if n in named or not named], favoured_row, tool, seeds)
