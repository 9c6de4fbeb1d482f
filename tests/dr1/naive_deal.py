"""Section 7 word for word, for the tests alone: scan everybody, sort by key, one plain queue."""

import hashlib
from collections import deque
from typing import Any

Record = dict[str, Any]
Place = tuple[int, int]


class NaiveDeal:
    def __init__(self, subjects, seats, inspectors, conflicts, seed):
        self.subjects, self.seats, self.inspectors, self.seed = subjects, seats, inspectors, seed
        self.pairs = {(pair["inspector"], pair["subject"]) for pair in conflicts}
        self.dealt = {inspector["id"]: 0 for inspector in inspectors}
        self.capacity = {inspector["id"]: inspector.get("capacity", 10**9) for inspector in inspectors}
        self.load = {inspector["id"]: inspector["load"] for inspector in inspectors}
        self.holder: dict[Place, str] = {}
        self.gained: list[str] = []
        self.empty_seats: list[Record] = []
        for number in range(len(subjects)):
            for seat in range(len(seats)):
                self.deal_place((number, seat))

    @property
    def teams(self):
        return [
            [self.holder.get((number, seat), "") for seat in range(len(self.seats))]
            for number in range(len(self.subjects))
        ]

    @property
    def load_after(self):
        return {code: self.load[code] + dealt for code, dealt in self.dealt.items()}

    def key(self, code):
        load = self.load[code] + self.dealt[code]
        text = f"dr1|inspector|{self.seed}|{load}|{code}"
        return (load, hashlib.sha256(text.encode()).hexdigest(), code)

    def eligible(self, place):
        """Ids by the keys of the present loads, whether there is room or not."""
        subject, seat = self.subjects[place[0]], self.seats[place[1]]
        found = [
            inspector["id"]
            for inspector in self.inspectors
            if "excluded" not in inspector
            and seat.get("department", inspector["department"]) == inspector["department"]
            and set(seat.get("skills", [])) <= set(inspector["skills"])
            and (not inspector["regions"] or subject["region"] in inspector["regions"])
            and (inspector["id"], subject["id"]) not in self.pairs
        ]
        return sorted(found, key=self.key)

    def room(self, code):
        return self.dealt[code] < self.capacity[code]

    def team(self, number):
        """Inspector -> place, for one subject."""
        return {code: place for place, code in self.holder.items() if place[0] == number}

    def deal_place(self, place):
        for code in self.eligible(place):
            if code not in self.team(place[0]) and self.room(code):
                self.holder[place] = code
                self.gain(code)
                return
        self.repair(place)

    def gain(self, code):
        self.dealt[code] += 1
        self.gained.append(code)

    def repair(self, start):
        queue, joined, came, met = deque([start]), [start], {}, []

        def join(place, way):
            if place not in joined:
                joined.append(place)
                came[place] = way
                queue.append(place)

        while queue:
            place = queue.popleft()
            for code in self.eligible(place):
                if code == self.holder.get(place) or code in met:
                    continue
                mates = self.team(place[0])
                if code in mates:
                    join(mates[code], (place, code))
                    continue
                met.append(code)
                if self.room(code):
                    self.walk(place, code, came)
                    return
                for held in sorted(place for place, holder in self.holder.items() if holder == code):
                    join(held, (place, code))
        self.gained.append("")
        self.empty_seats.append(
            {
                "met": met,
                "places": [[self.subjects[number]["id"], seat] for number, seat in joined],
                "seat": self.seats[start[1]]["seat"],
                "subject": self.subjects[start[0]]["id"],
            }
        )

    def walk(self, place, code, came):
        moves = [(place, code)]
        while place in came:
            place, through = came[place]
            moves.append((place, through))
        for place, _ in moves:
            self.holder.pop(place, None)
        for place, through in moves:
            self.holder[place] = through
        self.gain(code)
