// The archive of section 12: stored entries, names ascending, dated 1980-01-01, no extra fields, nothing before, between or after.

import { Refused } from "./canon.js";
import { same, textOf } from "./bytes.js";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const DATE = 0x0021; // 1980-01-01
const UTF8 = 0x0800;

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(data) {
  let c = -1;
  for (let i = 0; i < data.length; i += 1) c = CRC[(c ^ data[i]) & 255] ^ (c >>> 8);
  return (c ^ -1) >>> 0;
}

function need(condition, code) {
  if (!condition) throw new Refused(code);
}

function entry(view, data, at) {
  const word = (n) => view.getUint16(at + n, true);
  const long = (n) => view.getUint32(at + n, true);
  need(long(0) === CENTRAL, "zip_broken");
  need(word(10) === 0, "zip_not_stored");
  need((word(8) & ~UTF8) === 0, "zip_broken");
  need(word(12) === 0 && word(14) === DATE, "zip_form");
  need(word(30) === 0 && word(32) === 0 && word(34) === 0 && long(20) === long(24), "zip_form");
  const size = word(28);
  return { flags: word(8), crc: long(16), size: long(24), local: long(42), name: data.subarray(at + 46, at + 46 + size), end: at + 46 + size };
}

function content(view, data, found) {
  const at = found.local;
  const word = (n) => view.getUint16(at + n, true);
  const long = (n) => view.getUint32(at + n, true);
  need(long(0) === LOCAL && word(6) === found.flags && word(8) === 0, "zip_broken");
  need(word(10) === 0 && word(12) === DATE && word(28) === 0, "zip_form");
  need(long(14) === found.crc && long(18) === found.size && long(22) === found.size, "zip_broken");
  const from = at + 30 + word(26);
  need(same(data.subarray(at + 30, from), found.name), "zip_broken");
  const bytes = data.subarray(from, from + found.size);
  need(bytes.length === found.size && crc32(bytes) === found.crc, "zip_damaged");
  return { bytes, end: from + found.size };
}

/** The files of an archive by name; throws Refused where it has not exactly the form of section 12. */
export function unzip(data) {
  try {
    return read(data);
  } catch (problem) {
    if (problem instanceof Refused) throw problem;
    throw new Refused("zip_broken"); // an address beyond the end of the file
  }
}

function read(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = data.length - 22;
  need(end >= 0 && view.getUint32(end, true) === END, "zip_none");
  const count = view.getUint16(end + 10, true);
  need(view.getUint32(end + 4, true) === 0 && view.getUint16(end + 8, true) === count, "zip_broken");
  need(view.getUint16(end + 20, true) === 0, "zip_form");
  const start = view.getUint32(end + 16, true);
  const files = new Map();
  let at = start;
  let next = 0;
  let last = "";
  for (let n = 0; n < count; n += 1) {
    const found = entry(view, data, at);
    const name = textOf(found.name);
    need(found.local === next, "zip_form");
    need(n === 0 || name > last, "zip_names");
    const { bytes, end: after } = content(view, data, found);
    files.set(name, bytes);
    at = found.end;
    next = after;
    last = name;
  }
  need(next === start && at === end && view.getUint32(end + 12, true) === end - start, "zip_form");
  return files;
}
