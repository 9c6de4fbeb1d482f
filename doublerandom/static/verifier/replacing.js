// Replacements of section 9, derived again line by line from the draw as it stood.

import { Refused, canon } from "./canon.js";
import { ascending } from "./plan.js";

/** The draw after its deal; `reserve` by stratum in order. */
export class Afterwards {
  constructor(deal, reserve, draw) {
    Object.assign(this, { deal, reserve, draw });
    this.turns = new Map(deal.subjects.map((subject, turn) => [subject.id, turn]));
    this.gone = new Set();
    this.used = new Map();
  }

  /** Apply a line of replacements.jsonl; gives {what, before, after}: the kind, and the subjects of the old and new task. */
  apply(line) {
    const found = this.derive(line, line.conflicts ?? []);
    this.demandPairs(line);
    const told = { ...("seat" in line ? { seat: line.seat } : {}), old: found.old, new: found.come };
    for (const member of ["old", "new"]) if ((line[member] ?? "") !== told[member]) throw new Refused("not_next", { n: line.n, expected: told[member] });
    this.commit(found, line);
    const task = { draw: this.draw, subject: found.subject.id, team: this.deal.told(found.turn) };
    if (canon(task) !== canon(line.task)) throw new Refused("not_next", { n: line.n, expected: canon(task.team) });
    return { what: found.what, before: found.before, after: found.subject.id };
  }

  /** What the order gives for a line if these pairs are known; changes nothing. `asking`: who comes by the order, nobody included. */
  derive(line, pairs, asking = false) {
    const known = pairs.filter((pair) => !this.deal.barred.has(pair));
    known.forEach((pair) => this.deal.barred.add(pair));
    try {
      return "seat" in line ? this.ofSeat(line, asking) : this.ofSubject(line);
    } finally {
      known.forEach((pair) => this.deal.barred.delete(pair));
    }
  }

  ofSeat(line, asking) {
    const { deal } = this;
    const turn = this.turnOf(line.task.subject, line.n);
    if (line.seat >= deal.seats.length) throw new Refused("no_place", { n: line.n });
    const subject = deal.subjects[turn];
    const team = deal.team(turn);
    const old = deal.nameOf(team[line.seat]);
    const next = deal.nameOf(this.candidate(subject, turn, line.seat, team));
    const direct = next === "" && "new" in line && !asking;
    if (direct && team.some((i) => deal.nameOf(i) === line.new)) throw new Refused("on_the_team", { n: line.n });
    if (!asking && !direct && next === "" && old === "") throw new Refused("nothing_replaced", { n: line.n });
    const come = direct ? line.new : next;
    return { what: direct ? "direct" : "inspector", turn, seat: line.seat, before: subject.id, subject, old, come };
  }

  ofSubject(line) {
    const { deal } = this;
    const turn = this.turnOf(line.old ?? "", line.n);
    const gone = deal.subjects[turn];
    const subject = this.reserve.get(gone.stratum)[this.used.get(gone.stratum) ?? 0];
    if (!subject) throw new Refused("no_reserve", { n: line.n });
    const team = deal.team(turn).map((i, seat) => (i >= 0 && deal.eligible(subject, seat).includes(i) ? i : -1));
    for (let seat = 0; seat < team.length; seat += 1) {
      if (team[seat] < 0) team[seat] = this.candidate(subject, turn, seat, team);
    }
    return { what: "subject", turn, team, before: gone.id, subject, old: gone.id, come: subject.id };
  }

  /** Section 9: eligible, not on the team, not replaced here before, with room; first by the loads just before the turn. */
  candidate(subject, turn, seat, team) {
    const { deal } = this;
    const loads = deal.loadsAt.get(turn * deal.seats.length + seat);
    const held = (i) => `${deal.nameOf(i)}:${subject.id}`;
    const free = deal.eligible(subject, seat).filter((i) => !team.includes(i) && !this.gone.has(held(i)) && this.hasRoom(i, turn));
    return deal.first(free, loads);
  }

  /** Room by the present counts; whoever is asked holds no seat of this turn, or leaves it. */
  hasRoom(i, turn) {
    const { capacity } = this.deal.inspectors[i];
    const elsewhere = [...this.deal.held[i]].filter((place) => Math.floor(place / this.deal.seats.length) !== turn);
    return capacity === undefined || elsewhere.length < capacity;
  }

  /** Pairs stand where they matter: they made somebody leave, or keep somebody out. */
  demandPairs(line) {
    const pairs = line.conflicts ?? [];
    if (!ascending(pairs)) throw new Refused("pairs_unordered", { n: line.n });
    const outcome = (known) => {
      const { come, team } = this.derive(line, known, true);
      return `${come} ${team ?? ""}`;
    };
    for (const pair of pairs) {
      const leaving = "seat" in line && pair === `${line.old ?? ""}:${line.task.subject}`;
      const others = pairs.filter((other) => other !== pair);
      if (!leaving && outcome(pairs) === outcome(others)) throw new Refused("pair_idle", { n: line.n, pair });
    }
  }

  commit(found, line) {
    const { deal } = this;
    for (const pair of line.conflicts ?? []) deal.barred.add(pair);
    const first = found.turn * deal.seats.length;
    if (found.what === "subject") {
      this.used.set(found.subject.stratum, (this.used.get(found.subject.stratum) ?? 0) + 1);
      this.turns.delete(found.before);
      this.turns.set(found.subject.id, found.turn);
      deal.subjects[found.turn] = found.subject;
      found.team.forEach((_, seat) => deal.put(first + seat, -1));
      found.team.forEach((i, seat) => deal.put(first + seat, i));
      return;
    }
    this.gone.add(`${found.old}:${found.subject.id}`);
    deal.put(first + found.seat, found.come === "" ? -1 : this.numberOf(found.come));
  }

  /** The number of an inspector; somebody assigned directly need not be in the pool. */
  numberOf(id) {
    const { deal } = this;
    if (!deal.number.has(id)) {
      deal.number.set(id, deal.inspectors.length);
      deal.inspectors.push({ id, department: "", regions: [], skills: [], load: 0, excluded: "direct" });
      deal.load.push(0);
      deal.held.push(new Set());
      deal.keys.push(new Map());
    }
    return deal.number.get(id);
  }

  turnOf(subject, n) {
    const turn = this.turns.get(subject);
    if (turn === undefined) throw new Refused("no_place", { n });
    return turn;
  }
}
