"""
The deal against max-flow on the same instances: seconds, ratio, peak memory.

    python bench/bench_deal.py                   # everything; what is too large for a peer is left out
    python bench/bench_deal.py --sizes 100 1000  # these numbers of subjects only
    python bench/bench_deal.py --short           # also deals in which one place in ten cannot be filled

Each measurement runs in a process of its own (peak memory is that of the process, less what it held before);
small ones are repeated and the best time counts. Everybody starts from the same records and builds what it
needs. The deal shuffles, levels loads, repairs and proves; the peers only tell how many seats can be filled:
both must agree.

The graph of the peers: source, places, inspectors, sink, with an arc for each eligible pair. Where an
inspector could take several seats of one subject, these arcs pass through a node of that pair, so that nobody
sits twice on a team. networkx is built pair by pair and solved by the fastest of its algorithms here (of
preflow_push, dinitz, edmonds_karp, boykov_kolmogorov and shortest_augmenting_path); OR-Tools gets numpy
arrays made region by region.
"""

import argparse
import json
import math
import random
import resource
import subprocess
import sys
import time
from collections import defaultdict

import networkx as nx
import numpy as np
from ortools.graph.python import max_flow

from doublerandom.dr1.deal import deal

SIZES = {100: 30, 1_000: 200, 10_000: 2_000, 100_000: 10_000}
SEATS = [
    {"seat": "lead", "department": "market", "skills": ["lead"]},
    {"seat": "member", "department": "market"},
    {"seat": "joint", "department": "fire"},
]
SHAPES = {"blocks": 100, "one block": 0}
LIMIT = 150  # seconds for any one measurement
ARCS = {"networkx": 2_000_000, "OR-Tools": 150_000_000}  # beyond these it is not even tried


def instance(size, shape, slack=1.0):
    """A deal: tight capacities, two conflict pairs a subject, every fifth inspector in two regions."""
    chance = random.Random(size)
    people_count = SIZES[size]
    blocks = max(2, people_count // SHAPES[shape]) if SHAPES[shape] else 1
    subjects = [{"id": f"S{n:06}", "region": f"r{chance.randrange(blocks)}"} for n in range(size)]
    chance.shuffle(subjects)
    people = []
    for n in range(people_count):
        market = n % 3 != 0
        home = n // 6 % blocks
        people.append(
            {
                "id": f"P{n:05}",
                "department": "market" if market else "fire",
                "regions": [f"r{home}", f"r{(home + 1) % blocks}"]
                if blocks > 1 and n % 5 == 0
                else [f"r{home}"],
                "skills": ["lead"] if market and n // 3 % 3 == 0 else [],
                "load": 0,
            }
        )
    for needed, asked in [(size * 1.02, ["lead"]), (size * 0.99, []), (size * 1.01, None)]:
        staff = [p for p in people if (p["skills"] if p["department"] == "market" else None) == asked]
        mean = needed * slack / len(staff)
        for person in staff:
            person["capacity"] = int(mean * chance.uniform(0.6, 1.4) + chance.random())
    pairs = {(chance.choice(people)["id"], chance.choice(subjects)["id"]) for _ in range(2 * size)}
    conflicts = [{"inspector": i, "subject": s} for i, s in sorted(pairs)]
    return subjects, SEATS, people, conflicts


def eligible(seats, people, conflicts):
    """Region by region, for each seat: who fits. And the barred pairs."""
    by_region = defaultdict(list)
    for n, person in enumerate(people):
        for region in person["regions"]:
            by_region[region].append(n)
    fitting = {
        region: [
            [
                n
                for n in staff
                if people[n]["department"] == seat["department"]
                and set(seat.get("skills", ())) <= set(people[n]["skills"])
            ]
            for seat in seats
        ]
        for region, staff in by_region.items()
    }
    barred = {(pair["inspector"], pair["subject"]) for pair in conflicts}
    return fitting, barred


def arc_count(subjects, seats, people, conflicts):
    fitting, _ = eligible(seats, people, conflicts)
    sizes = {region: sum(map(len, lists)) for region, lists in fitting.items()}
    return sum(sizes.get(subject["region"], 0) for subject in subjects)


def run_deal(case):
    done = deal(*case, "5" * 64)
    plain = [code for team in done.teams for code in team]
    repairs = sum(a != b for a, b in zip(plain, done.gained, strict=True))
    return sum(map(bool, plain)), {"empty": plain.count(""), "moved": repairs}


def run_networkx(case):
    subjects, _, people, _ = case
    fitting, barred = eligible(*case[1:])
    graph = nx.DiGraph()
    graph.add_node("source")
    for n, person in enumerate(people):
        graph.add_edge(n, "sink", capacity=person["capacity"])
    for subject in subjects:
        times = defaultdict(int)
        for staff in fitting[subject["region"]]:
            for n in staff:
                times[n] += 1
        for seat, staff in enumerate(fitting[subject["region"]]):
            place = (subject["id"], seat)
            graph.add_edge("source", place, capacity=1)
            for n in staff:
                if (people[n]["id"], subject["id"]) in barred:
                    continue
                if times[n] > 1:
                    graph.add_edge(place, (subject["id"], "once", n), capacity=1)
                    graph.add_edge((subject["id"], "once", n), n, capacity=1)
                else:
                    graph.add_edge(place, n, capacity=1)
    return nx.maximum_flow_value(
        graph, "source", "sink", flow_func=nx.algorithms.flow.shortest_augmenting_path
    ), {}


def run_ortools(case):
    subjects, seats, people, conflicts = case
    fitting, _ = eligible(*case[1:])
    numbers = {person["id"]: n for n, person in enumerate(people)}
    place_of = {subject["id"]: n for n, subject in enumerate(subjects)}
    count, width, staff_count = len(subjects), len(seats), len(people)
    barred = np.unique(
        np.array(
            [place_of[p["subject"]] * staff_count + numbers[p["inspector"]] for p in conflicts],
            dtype=np.int64,
        )
    )
    source, sink, first_place, next_node = (
        staff_count,
        staff_count + 1,
        staff_count + 2,
        staff_count + 2 + count * width,
    )
    by_region = defaultdict(list)
    for n, subject in enumerate(subjects):
        by_region[subject["region"]].append(n)
    flow = max_flow.SimpleMaxFlow()

    def add(tails, heads, capacities):
        flow.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities)

    add(
        np.arange(staff_count),
        np.full(staff_count, sink),
        np.array([person["capacity"] for person in people], dtype=np.int64),
    )
    places = first_place + np.arange(count * width)
    add(np.full(count * width, source), places, np.ones(count * width, dtype=np.int64))
    for region, numbered in by_region.items():
        drawn = np.array(numbered)
        lists = [np.array(staff, dtype=np.int64) for staff in fitting[region]]
        members, times = np.unique(np.concatenate(lists), return_counts=True)
        shared = members[times > 1]
        pair_nodes = next_node + np.arange(len(drawn) * len(shared)).reshape(len(drawn), len(shared))
        next_node += pair_nodes.size
        for seat, staff in enumerate(lists):
            open_pairs = ~np.isin(drawn[:, None] * staff_count + staff, barred, kind="sort")
            heads = np.broadcast_to(staff, open_pairs.shape).copy()
            twice = np.isin(staff, shared)
            heads[:, twice] = pair_nodes[:, np.searchsorted(shared, staff[twice])]
            tails = np.broadcast_to((first_place + drawn * width + seat)[:, None], open_pairs.shape)
            add(tails[open_pairs], heads[open_pairs], np.ones(int(open_pairs.sum()), dtype=np.int64))
        if pair_nodes.size:
            heads = np.broadcast_to(shared, pair_nodes.shape)
            add(pair_nodes.ravel(), heads.ravel(), np.ones(pair_nodes.size, dtype=np.int64))
    if flow.solve(source, sink) != flow.OPTIMAL:
        raise RuntimeError(flow.status())
    return flow.optimal_flow(), {}


CONTESTANTS = {"deal": run_deal, "networkx": run_networkx, "OR-Tools": run_ortools}


def measure(who, size, shape, slack):
    """In this process: one warm-up on a tiny case (imports), then the best of a few runs."""
    CONTESTANTS[who](instance(100, shape))
    case = instance(size, shape, slack)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, runs, spent = math.inf, 0, 0.0
    while runs < 1 or (spent < 1 and runs < 200):
        start = time.perf_counter()
        filled, more = CONTESTANTS[who](case)
        seconds = time.perf_counter() - start
        best, runs, spent = min(best, seconds), runs + 1, spent + seconds
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"seconds": best, "mib": memory, "filled": filled, **more}


def measured(who, size, shape, slack=1.0):
    """The same in a process of its own; what went wrong as a text."""
    command = [sys.executable, __file__, "--one", who, str(size), shape, str(slack)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"not within {LIMIT} s"
    return json.loads(done.stdout) if done.returncode == 0 else f"failed: {done.stderr.strip()[-60:]}"


def row(name, result, ours):
    if isinstance(result, str):
        return f"    {name:9} {result}"
    assert result["filled"] == ours["filled"], "the contestants disagree"
    ratio = (
        "" if result is ours else f"   the deal is {result['seconds'] / ours['seconds']:8.1f} times as fast"
    )
    extra = f"   {ours['empty']} empty, {ours['moved']} places moved by repair" if result is ours else ""
    return f"    {name:9} {result['seconds']:9.4f} s {result['mib']:8.0f} MiB{ratio}{extra}"


def compare(size, shape):
    arcs = arc_count(*instance(size, shape))
    print(f"{size} subjects x {SIZES[size]} inspectors, {shape}: {arcs:,} eligible pairs", flush=True)
    ours = measured("deal", size, shape)
    print(row("deal", ours, ours), flush=True)
    for who, most in ARCS.items():
        result = measured(who, size, shape) if arcs <= most else "not tried: too many pairs"
        print(row(who, result, ours), flush=True)
    return ours["seconds"]


def main():
    parser = argparse.ArgumentParser(description="The deal against max-flow on the same instances.")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--short", action="store_true", help="also where one place in ten cannot be filled")
    parser.add_argument("--one", nargs=4, metavar=("WHO", "SIZE", "SHAPE", "SLACK"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        who, size, shape, slack = arguments.one
        print(json.dumps(measure(who, int(size), shape, float(slack))))
        return
    for shape in SHAPES:
        times = {size: compare(size, shape) for size in arguments.sizes}
        print(f"  growth, {shape}: microseconds per place and log2(places):", end="")
        for size, seconds in times.items():
            places = size * len(SEATS)
            print(f"  {size}: {seconds / places / math.log2(places) * 1e6:.3f}", end="")
        print("\n")
    if arguments.short:
        for shape in SHAPES:
            for size in arguments.sizes:
                ours = measured("deal", size, shape, 0.9)
                print(f"{size} x {SIZES[size]}, {shape}, one place in ten too many:")
                print(row("deal", ours, ours), flush=True)


if __name__ == "__main__":
    main()
