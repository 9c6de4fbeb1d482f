// RFC 6962 trees: roots, proofs of inclusion and of consistency.

import { compareBytes, join, same } from "./bytes.js";
import { sha256 } from "./sha.js";

const ZERO = Uint8Array.of(0);
const ONE = Uint8Array.of(1);

export const leafHash = (data) => sha256(join(ZERO, data));
const nodeHash = (left, right) => sha256(join(ONE, left, right));

/** A root that grows leaf by leaf, keeping one hash for each complete subtree. */
export class Tree {
  constructor() {
    this.size = 0;
    this.stack = [];
  }

  add(leaf) {
    let hash = leaf;
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) hash = nodeHash(this.stack.pop(), hash);
    this.stack.push(hash);
    this.size += 1;
  }

  root() {
    if (!this.size) return sha256(new Uint8Array());
    return this.stack.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root over leaf data. */
export function merkleRoot(leaves) {
  const tree = new Tree();
  for (const leaf of leaves) tree.add(leafHash(leaf));
  return tree.root();
}

/** The root over data of equal length, sorted by value first. */
export const sortedRoot = (leaves) => merkleRoot([...leaves].sort(compareBytes));

/** The root that a proof gives for a leaf hash, or null where the proof has not its one length. */
export function rootByInclusion(leaf, index, size, proof) {
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const step of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else hash = nodeHash(hash, step);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? hash : null;
}

/** Whether a tree of `second` leaves begins with one of `first`, by RFC 9162, 2.1.4.2. */
export function isConsistent(first, second, firstRoot, secondRoot, proof) {
  if (first > second) return false;
  if (first === 0) return proof.length === 0 && same(firstRoot, sha256(new Uint8Array()));
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  const path = [...proof];
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let old = fn === 0 ? firstRoot : path.shift();
  let fresh = old;
  if (!old) return false;
  for (const step of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(step, old);
      fresh = nodeHash(step, fresh);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else fresh = nodeHash(fresh, step);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && same(old, firstRoot) && same(fresh, secondRoot);
}
