// What a plan must keep beyond its form (sections 3 to 5, 9). Each rule has the number of the check that names it.

import { canon, seconds } from "./canon.js";
import { CHAIN, roundAfter } from "./drand.js";

const HOUR = 3600;
const ZEROS = "0".repeat(64);
const RATE = /^([1-9][0-9]{0,8})\/([1-9][0-9]{0,8})$/;
// possible outcomes: 33 choose 6 times 16, and 80 choose 20
const OUTCOMES = { "cn-ssq": 17721088n, "cn-kl8": 3535316142212174320n };

const distinct = (values) => new Set(values).size === values.length;
export const ascending = (values) => values.every((value, n) => n === 0 || values[n - 1] < value);
export const hasDrand = (plan) => plan.randomness.some((source) => source.kind === "drand");

/** sides^count, no further than beyond 2^128. */
function possible({ kind, name, sides, count }) {
  if (kind === "drand") return 1n;
  if (kind === "lottery") return OUTCOMES[name];
  let all = 1n;
  for (let n = 0; n < count && all < 2n ** 128n && sides > 1; n += 1) all *= BigInt(sides);
  return all;
}

/** The number to take that a minimum rate a/b gives, or null where it is not written as section 3 wants it. */
function taken({ rate, size, excluded }) {
  const parts = RATE.exec(rate);
  if (!parts) return null;
  const [a, b] = [BigInt(parts[1]), BigInt(parts[2])];
  return a <= b ? (a * BigInt(size - excluded) + b - 1n) / b : null;
}

const strataHold = (stratum) =>
  stratum.excluded <= stratum.size &&
  stratum.size > 0 &&
  stratum.take <= stratum.size - stratum.excluded &&
  (!("rate" in stratum) || taken(stratum) === BigInt(stratum.take));

function numbered(plan) {
  if (plan.rehearsal) return plan.seq === 0 && plan.previous === ZEROS;
  return plan.seq > 0 && (plan.seq === 1) === (plan.previous === ZEROS);
}

function timesHold(plan) {
  const [made, due, by, reveal] = ["committed_at", "due", "result_by", "reveal_by"].map((name) => seconds(plan[name]));
  const span = hasDrand(plan) ? HOUR : 24 * HOUR;
  return due >= made + HOUR && by > due && by <= due + span && reveal > by && reveal <= made + 400 * 24 * HOUR;
}

function supersedes(plan) {
  if (!("supersedes" in plan)) return !("carried" in plan);
  return "carried" in plan && plan.supersedes !== plan.draw && ascending(plan.carried);
}

function sourcesHold(plan) {
  const alone = plan.randomness.length === 0 || hasDrand(plan);
  return (
    distinct(plan.randomness.map(canon)) &&
    plan.randomness.every(({ kind, chain }) => kind !== "drand" || chain === CHAIN) &&
    plan.randomness.every((source) => source.kind !== "dice" || (source.sides >= 2 && source.sides <= 100 && possible(source) >= 2n ** 128n)) &&
    (alone || plan.randomness.reduce((all, source) => all * possible(source), 1n) >= 2n ** 64n)
  );
}

function partiesHold(plan) {
  if (plan.randomness.length) return true;
  return ["subject", "inspector"].every((purpose) => {
    const mine = plan.secrets.filter((secret) => secret.purpose === purpose);
    return new Set(mine.map((one) => one.party)).size >= 3 && new Set(mine.map((one) => one.body)).size >= 3;
  });
}

const RULES = [
  [1, "plan_log", (plan) => plan.log !== ""],
  [1, "plan_seq", numbered],
  [1, "plan_times", timesHold],
  [1, "plan_supersedes", supersedes],
  [1, "plan_team", (plan) => plan.team.length >= 1 && plan.team.length <= 8],
  [1, "plan_strata", (plan) => distinct(plan.strata.map((one) => one.id)) && plan.strata.every(strataHold)],
  [1, "plan_closed", (plan) => distinct(plan.closed ?? []) && (plan.closed ?? []).every((pool) => plan[pool].sealed)],
  [6, "plan_sources", sourcesHold],
  [6, "plan_parties", partiesHold],
  [6, "plan_round", (plan) => plan.randomness.every(({ kind, round }) => kind !== "drand" || round === roundAfter(seconds(plan.due)))],
  [7, "plan_secrets", (plan) => distinct(plan.secrets.map(({ party, purpose }) => `${party}|${purpose}`))],
  [7, "plan_commitments", (plan) => distinct(plan.secrets.map((secret) => secret.commitment))],
];

/** The rules of a check that the plan breaks, by code. */
export const broken = (plan, check) => RULES.filter(([number, , holds]) => number === check && !holds(plan)).map(([, code]) => code);
