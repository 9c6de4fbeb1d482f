// Observed values, their one text, and what each must be (section 4).

import { hex, unhex } from "./bytes.js";
import { sha256 } from "./sha.js";
import { signsRound } from "./drand.js";
import { OBSERVED } from "./shapes.js";

const GROUPS = { "cn-ssq": [[6, 33], [1, 16]], "cn-kl8": [[20, 80]] };

const inRange = (numbers, low, high) => numbers.every((number) => number >= low && number <= high);

function lotteryHolds(source, { groups }) {
  const shape = GROUPS[source.name];
  return (
    groups.length === shape.length &&
    groups.every((group, n) => group.length === shape[n][0] && new Set(group).size === group.length && inRange(group, 1, shape[n][1]))
  );
}

/** Whether a value is one that its source can give; of drand with the signature of its round. */
export function valueHolds(source, value) {
  if (!OBSERVED[source.kind](value)) return false;
  if (source.kind === "drand") return signsRound(value.signature, source.round);
  if (source.kind === "lottery") return lotteryHolds(source, value);
  return value.rolls.length === source.count && inRange(value.rolls, 0, source.sides - 1);
}

function textOf(source, value) {
  if (source.kind === "drand") return `drand:${source.chain}:${source.round}:${hex(sha256(unhex(value.signature)))}`;
  if (source.kind === "dice") return `dice:d${source.sides}:${value.rolls.join(".")}`;
  const groups = value.groups.map((group) => `${[...group].sort((a, b) => a - b).join(".")}./`);
  return `lottery:${source.name}:${source.issue}:${groups.join("")}`;
}

/** The text of all values, in plan order; empty at level C. */
export const beaconText = (sources, values) => sources.map((source, n) => textOf(source, values[n])).join(",");

/** A where drand is among the sources, B with others alone, C without any, D for a rehearsal. */
export function level(plan) {
  if (plan.rehearsal) return "D";
  if (!plan.randomness.length) return "C";
  return plan.randomness.some((source) => source.kind === "drand") ? "A" : "B";
}
