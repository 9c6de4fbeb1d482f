// drand's quicknet: rounds and signatures. The chain, its key and its tag are pinned here.

import { G2, P, QUICKNET_KEY, QUICKNET_TAG } from "./bls_constants.js";
import { hashToG1, inSubgroup, negate, pairToOne, rootOf, rootOf2 } from "./bls.js";
import { bigOf, bytesOf, unhex } from "./bytes.js";
import { sha256 } from "./sha.js";

export const CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const GENESIS = 1692803367;
const PERIOD = 3;

/** The first round strictly after a time in seconds, and the time of a round. */
export const roundAfter = (due) => Math.floor((due - GENESIS) / PERIOD) + 2;
export const timeOf = (round) => GENESIS + (round - 1) * PERIOD;

const LARGE = (P - 1n) / 2n;

/** The point of 48 bytes in the one encoding of section 4: compressed, not infinity, x below p; otherwise null. */
function pointOf(data) {
  if (data.length !== 48 || (data[0] & 0xc0) !== 0x80) return null;
  const x = bigOf(data) & ((1n << 381n) - 1n);
  if (x >= P) return null;
  const y = rootOf((x ** 3n + 4n) % P);
  if (y === null) return null;
  return [x, y > LARGE === Boolean(data[0] & 0x20) ? y : P - y];
}

/** A pinned point of G2 in drand's compressed form. */
function pinned(digits) {
  const data = unhex(digits);
  const x = [bigOf(data.subarray(48)), bigOf(data.subarray(0, 48)) & ((1n << 381n) - 1n)];
  const [a, b] = x;
  const cube = [a ** 3n - 3n * a * b * b + 4n, 3n * a * a * b - b ** 3n + 4n].map((part) => ((part % P) + P) % P);
  const y = rootOf2(cube);
  const large = y[1] ? y[1] > LARGE : y[0] > LARGE;
  return [x, large === Boolean(data[0] & 0x20) ? y : y.map((part) => (P - part) % P)];
}

const points = new Map();
const point = (digits) => points.get(digits) ?? points.set(digits, pinned(digits)).get(digits);
const known = new Map();

/** Whether a signature (96 hex digits) is quicknet's of a round: encoding, curve, subgroup, pairing. */
export function signsRound(signature, round) {
  const name = `${round} ${signature}`;
  if (!known.has(name)) known.set(name, check(unhex(signature), round));
  return known.get(name);
}

function check(data, round) {
  const given = pointOf(data);
  if (!given || !inSubgroup(given)) return false;
  const message = hashToG1(sha256(bytesOf(BigInt(round), 8)), QUICKNET_TAG);
  return pairToOne([given, point(G2)], [negate(message), point(QUICKNET_KEY)]);
}
