"""Small random deals for the tests: tight capacities, so that repair and empty seats are common."""

import random

from hypothesis import strategies as st

REGIONS = ["r1", "r2", "r3"]
DEPARTMENTS = ["x", "y"]
SKILLS = ["a", "b", "c"]


def inspector(code, *, department="x", regions=(), skills=(), load=0, **more):
    return {
        "id": code,
        "department": department,
        "regions": list(regions),
        "skills": list(skills),
        "load": load,
        **more,
    }


def subject(code, region="r1", **more):
    return {"id": code, "name": "某公司", "region": region, "stratum": "all", **more}


def conflict(inspector_id, subject_id):
    return {
        "id": f"{inspector_id}:{subject_id}",
        "inspector": inspector_id,
        "subject": subject_id,
        "ground": "barred",
    }


few_skills = st.lists(st.sampled_from(SKILLS), unique=True, max_size=3)


@st.composite
def seats(draw):
    seat = {"seat": draw(st.sampled_from(["lead", "member"]))}
    if draw(st.booleans()):
        seat["department"] = draw(st.sampled_from(DEPARTMENTS))
    if draw(st.booleans()):
        seat["skills"] = draw(st.lists(st.sampled_from(SKILLS), unique=True, max_size=2))
    return seat


@st.composite
def inspectors(draw, code):
    record = inspector(
        code,
        department=draw(st.sampled_from(DEPARTMENTS)),
        regions=draw(st.lists(st.sampled_from(REGIONS), unique=True, max_size=3)),
        skills=draw(few_skills),
        load=draw(st.sampled_from([0, 0, 0, 1, 2, 10])),
    )
    if draw(st.integers(0, 9)):
        record["capacity"] = draw(st.integers(0, 3))
    if not draw(st.integers(0, 9)):
        record["excluded"] = "leave"
    if not draw(st.integers(0, 4)):
        record["members"] = [f"{code}-1", f"{code}-2"]
    return record


@st.composite
def instances(draw):
    """The five arguments of a deal."""
    drawn = [
        subject(f"S{number}", draw(st.sampled_from(REGIONS)))
        for number in draw(st.permutations(range(draw(st.integers(1, 7)))))
    ]
    team = draw(st.lists(seats(), min_size=1, max_size=4))
    people = [draw(inspectors(f"I{number}")) for number in range(draw(st.integers(0, 9)))]
    names = st.tuples(st.integers(0, 9), st.integers(0, 7))
    pairs = [conflict(f"I{i}", f"S{s}") for i, s in sorted(draw(st.sets(names, max_size=10)))]
    seed = f"{draw(st.integers(0, 2**32)):064x}"
    return drawn, team, people, pairs, seed


def random_instance(number, *, subjects=25, people=14):
    """As `instances`, larger and quicker to make, for running many; the same number gives the same one."""
    chance = random.Random(number)
    regions = REGIONS[: chance.randint(1, 3)]
    drawn = [subject(f"S{at:02}", chance.choice(regions)) for at in range(chance.randint(1, subjects))]
    chance.shuffle(drawn)
    team = [
        {
            "seat": f"s{at % 2}",
            **chance.choice([{}, {"department": "x"}, {"department": "y"}]),
            **chance.choice(
                [{}, {"skills": []}, {"skills": ["a"]}, {"skills": ["b", "a"]}, {"skills": ["c"]}]
            ),
        }
        for at in range(chance.randint(1, 4))
    ]
    tight = chance.choice([2, 4, 6])
    staff = []
    for at in range(chance.randint(1, people)):
        record = inspector(
            f"I{at:02}",
            department=chance.choice(DEPARTMENTS),
            regions=chance.sample(regions, chance.randint(0, len(regions))),
            skills=chance.sample(SKILLS, chance.randint(0, 3)),
            load=chance.choice([0, 0, 0, 2, 10]),
        )
        if chance.random() < 0.95:
            record["capacity"] = chance.randint(0, tight)
        if chance.random() < 0.05:
            record["excluded"] = "expired"
        staff.append(record)
    pairs = [
        conflict(record["id"], target["id"]) for record in staff for target in drawn if chance.random() < 0.12
    ]
    return drawn, team, staff, pairs, f"{number:064x}"
