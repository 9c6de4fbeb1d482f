// What the checks share: the bundle's files as read, what was refused, and how a check ends.

import { Refused, seconds } from "./canon.js";

export const PASSED = "passed";
export const FAILED = "failed";
export const OPEN = "not_checkable";
export const NONE = "not_applicable";

/** A check ends here; `state` is FAILED or OPEN. */
export class Ending extends Error {
  constructor(state, code, params = {}, values = []) {
    super(code);
    Object.assign(this, { state, code, params, values });
  }
}

export const fail = (code, params, values) => {
  throw new Ending(FAILED, code, params, values);
};
export const open = (code, params, values) => {
  throw new Ending(OPEN, code, params, values);
};
export const passed = (code, params = {}, values = []) => ({ state: PASSED, code, params, values });

export class Material {
  /** `files` by name; `outside`: {checkpoint, proof, witnesses} as texts; `now` in seconds. */
  constructor(files, outside, now, tick) {
    Object.assign(this, { files, outside, now, tick });
    this.values = new Map();
    this.refused = new Map();
    this.records = new Map();
    this.findings = new Map();
    this.seeds = {};
    this.plan = null;
  }

  has(name) {
    return this.files.has(name);
  }

  /** What a file says; ends the check where it is absent or was refused. */
  value(name) {
    this.needFile(name);
    return this.values.get(name);
  }

  needFile(name) {
    if (!this.has(name)) this.absent(name);
    if (this.refused.has(name)) this.wait(1);
  }

  absent(name) {
    if (this.isDue(name)) fail("absent_due", { file: name });
    open("absent_yet", { file: name });
  }

  /** What is public from the commitment on is due at `due`; the rest once the log opened the draw, or after reveal_by. */
  isDue(name) {
    const early = ["signatures.json", "rules.json", "log.json"];
    for (const pool of ["subjects", "inspectors", "conflicts"]) if (!this.plan[pool].sealed) early.push(`${pool}.jsonl`);
    if (early.includes(name)) return this.now >= seconds(this.plan.due);
    return this.now > seconds(this.plan.reveal_by) || this.entries("open").length > 0;
  }

  wait(number) {
    open("waits", { number });
  }

  /** Ends the check unless another passed. */
  after(number) {
    if (this.findings.get(number).state !== PASSED) this.wait(number);
  }

  isClosed(pool) {
    return (this.plan.closed ?? []).includes(pool);
  }

  /** Whether this bundle keeps a pool from its reader for good. */
  isWithheld(pool) {
    return this.isClosed(pool) && !this.has(`${pool}.jsonl`);
  }

  unlessWithheld(...pools) {
    const pool = pools.find((each) => this.isWithheld(each));
    if (pool) open("closed", { pool });
  }

  /** This draw's log entries of a type, as {index, entry}, once the log was read. */
  entries(type) {
    const log = this.values.get("log.json");
    if (!log) return [];
    return log.entries.filter(({ entry }) => entry.type === type && entry.plan_hash === this.planHash);
  }

  /** Ends the check unless the log is there and its proofs hold. */
  needLog() {
    this.value("log.json");
    this.after(3);
  }
}

/** A check's outcome from what its function gave or threw. */
export async function outcome(check, material) {
  try {
    return await check(material);
  } catch (problem) {
    if (problem instanceof Ending) return { state: problem.state, code: problem.code, params: problem.params, values: problem.values };
    if (problem instanceof Refused) return { state: FAILED, code: problem.code, params: problem.params, values: [] };
    return { state: FAILED, code: "unreadable", params: { what: String(problem) }, values: [] };
  }
}
