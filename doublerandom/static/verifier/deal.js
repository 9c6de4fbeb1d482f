// The deal of section 7: two shuffled decks against each other, repair, and the proof of an empty seat.

import { H } from "./canon.js";

/** A deal under way. A place is turn × seats + seat; people are numbers into `inspectors`; -1 is nobody. */
export class Deal {
  constructor(seed, seats, inspectors, conflicts, subjects) {
    Object.assign(this, { seed, seats, inspectors, subjects });
    this.number = new Map(inspectors.map((one, n) => [one.id, n]));
    this.barred = new Set(conflicts.map((pair) => pair.id));
    this.load = inspectors.map((one) => one.load);
    this.held = inspectors.map(() => new Set());
    this.holder = new Array(subjects.length * seats.length).fill(-1);
    this.keys = inspectors.map(() => new Map());
    this.able = new Map();
    this.empty = [];
    this.loadsAt = new Map();
  }

  /** The second part of key(i) for a load, computed once. */
  shuffled(i, load) {
    const keys = this.keys[i];
    if (!keys.has(load)) keys.set(load, H(`dr1|inspector|${this.seed}|${load}|${this.inspectors[i].id}`));
    return keys.get(load);
  }

  compare(i, j, loads) {
    if (loads[i] !== loads[j]) return loads[i] - loads[j];
    const [one, other] = [this.shuffled(i, loads[i]), this.shuffled(j, loads[j])];
    if (one !== other) return one < other ? -1 : 1;
    return this.inspectors[i].id < this.inspectors[j].id ? -1 : 1;
  }

  /** Who fits a seat in a region, conflicts aside: found once for both. */
  fitting(seat, region) {
    const name = `${seat} ${region}`;
    if (!this.able.has(name)) {
      const { department, skills = [] } = this.seats[seat];
      const fits = (one) =>
        one.excluded === undefined &&
        (department === undefined || one.department === department) &&
        skills.every((skill) => one.skills.includes(skill)) &&
        (one.regions.length === 0 || one.regions.includes(region));
      this.able.set(name, [...this.inspectors.keys()].filter((i) => fits(this.inspectors[i])));
    }
    return this.able.get(name);
  }

  isBarred(i, subject) {
    return this.barred.has(`${this.inspectors[i].id}:${subject.id}`);
  }

  eligible(subject, seat) {
    return this.fitting(seat, subject.region).filter((i) => !this.isBarred(i, subject));
  }

  hasRoom(i) {
    const { capacity } = this.inspectors[i];
    return capacity === undefined || this.held[i].size < capacity;
  }

  team(turn) {
    return this.holder.slice(turn * this.seats.length, (turn + 1) * this.seats.length);
  }

  put(place, i) {
    if (this.holder[place] >= 0) this.held[this.holder[place]].delete(place);
    this.holder[place] = i;
    if (i >= 0) this.held[i].add(place);
  }

  /** Of the candidates the one with the smallest key for these loads, or -1. */
  first(candidates, loads) {
    let best = -1;
    for (const i of candidates) if (best < 0 || this.compare(i, best, loads) < 0) best = i;
    return best;
  }

  /** Deal all; the loads before each place of the turns in `keep` are kept for replacements. */
  async run(keep, tick) {
    for (let turn = 0; turn < this.subjects.length; turn += 1) {
      for (let seat = 0; seat < this.seats.length; seat += 1) {
        const place = turn * this.seats.length + seat;
        if (keep.has(turn)) this.loadsAt.set(place, [...this.load]);
        this.fill(turn, seat, place);
      }
      if (turn % 100 === 0) await tick(turn);
    }
  }

  fill(turn, seat, place) {
    const team = this.team(turn);
    const free = this.eligible(this.subjects[turn], seat).filter((i) => !team.includes(i) && this.hasRoom(i));
    const best = this.first(free, this.load);
    if (best < 0) {
      this.repair(place);
      return;
    }
    this.put(place, best);
    this.load[best] += 1;
  }

  /** Breadth-first over places, starting with the empty one. */
  repair(start) {
    const size = this.seats.length;
    const places = [start];
    const way = new Map([[start, null]]);
    const met = new Set();
    for (const place of places) {
      const turn = Math.floor(place / size);
      const team = this.team(turn);
      const able = this.eligible(this.subjects[turn], place % size).sort((i, j) => this.compare(i, j, this.load));
      for (const i of able) {
        if (i === this.holder[place] || met.has(i)) continue;
        let joining = [turn * size + team.indexOf(i)];
        if (!team.includes(i)) {
          met.add(i);
          if (this.hasRoom(i)) {
            this.follow(place, i, way);
            return;
          }
          joining = [...this.held[i]].sort((one, other) => one - other);
        }
        for (const next of joining) {
          if (way.has(next)) continue;
          way.set(next, [place, i]);
          places.push(next);
        }
      }
    }
    this.prove(start, places, met);
  }

  /** Every place on the way takes the inspector through whom it was left, all being vacated first. */
  follow(end, last, way) {
    const moves = [];
    for (let [place, i] = [end, last]; ; [place, i] = way.get(place)) {
      moves.push([place, i]);
      if (way.get(place) === null) break;
    }
    for (const [place] of moves) this.put(place, -1);
    for (const [place, i] of moves) this.put(place, i);
    this.load[last] += 1;
  }

  prove(start, places, met) {
    const size = this.seats.length;
    const within = new Set(places);
    for (const place of places) {
      const turn = Math.floor(place / size);
      const team = this.team(turn).filter((_, seat) => within.has(turn * size + seat));
      const holds = this.eligible(this.subjects[turn], place % size).every((i) => met.has(i) || team.includes(i));
      if (!holds) throw new Error("an empty seat without proof");
    }
    const full = (i) => this.held[i].size === this.inspectors[i].capacity && [...this.held[i]].every((place) => within.has(place));
    if (![...met].every(full)) throw new Error("an empty seat without proof");
    this.empty.push({
      met: [...met].map((i) => this.inspectors[i].id),
      places: places.map((place) => [this.subjects[Math.floor(place / size)].id, place % size]),
      seat: this.seats[start % size].seat,
      subject: this.subjects[Math.floor(start / size)].id,
    });
  }

  /** The team of a turn as a task tells it: an empty seat is left out. */
  told(turn) {
    return this.team(turn).flatMap((i, seat) => (i < 0 ? [] : [{ inspector: this.nameOf(i), seat: this.seats[seat].seat }]));
  }

  nameOf(i) {
    return i < 0 ? "" : this.inspectors[i].id;
  }
}
