// Canonical JSON of section 1: a reader that accepts nothing but the one spelling, and the writer it is compared with.

import { sha256 } from "./sha.js";
import { hex, textOf, utf8 } from "./bytes.js";

/** Something read breaks the protocol; `code` and `params` say what, for the sentences of the page. */
export class Refused extends Error {
  constructor(code, params = {}) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

const DEEPEST = 400;
const LARGEST = 9007199254740991;
const KEY = /^[a-z][a-z0-9_]*$/;
// eslint-disable-next-line no-control-regex
const BANNED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const NOTE_BANNED = new RegExp(BANNED.source.replace("\\u0000-\\u001f", "\\u0000-\\u0009\\u000b-\\u001f"));

/** H(text): SHA-256 of the UTF-8 bytes, in hex. */
export const H = (text) => hex(sha256(utf8(text)));

function string(text) {
  return `"${text.replace(/[\\"\n]/g, (found) => (found === "\n" ? "\\n" : `\\${found}`))}"`;
}

/** The canonical text of a value. */
export function canon(value) {
  if (typeof value === "string") return string(value);
  if (Array.isArray(value)) return `[${value.map(canon).join(",")}]`;
  if (typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `"${key}":${canon(value[key])}`).join(",")}}`;
  }
  return String(value);
}

class Reader {
  constructor(text, note) {
    this.text = text;
    this.at = 0;
    this.banned = note ? NOTE_BANNED : BANNED;
  }

  refuse() {
    throw new Refused("not_canonical", { at: this.at });
  }

  take(mark) {
    if (!this.text.startsWith(mark, this.at)) this.refuse();
    this.at += mark.length;
  }

  value(depth) {
    if (depth > DEEPEST) this.refuse();
    const mark = this.text[this.at];
    if (mark === '"') return this.string();
    if (mark === "{") return this.object(depth);
    if (mark === "[") return this.array(depth);
    if (mark === "t" || mark === "f") {
      this.take(mark === "t" ? "true" : "false");
      return mark === "t";
    }
    return this.integer();
  }

  string() {
    const from = this.at + 1;
    let end = from;
    let escaped = false;
    for (;;) {
      const unit = this.text.charCodeAt(end);
      if (Number.isNaN(unit)) this.refuse();
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        escaped = true;
        end += 1;
      }
      end += 1;
    }
    this.at = end + 1;
    let found = this.text.slice(from, end);
    if (escaped) {
      found = found.replace(/\\([\s\S]?)/g, (_, letter) => {
        if (letter === "n" && this.banned === NOTE_BANNED) return "\n";
        if (letter !== '"' && letter !== "\\") this.refuse();
        return letter;
      });
    }
    if (this.banned.test(found)) this.refuse();
    return found;
  }

  integer() {
    let end = this.at;
    while (/[-+.0-9eE]/.test(this.text[end] ?? "")) end += 1;
    const digits = this.text.slice(this.at, end);
    if (!/^(0|-?[1-9][0-9]{0,15})$/.test(digits)) this.refuse();
    const found = Number(digits);
    if (Math.abs(found) > LARGEST) this.refuse();
    this.at = end;
    return found;
  }

  array(depth) {
    const found = [];
    this.take("[");
    while (this.text[this.at] !== "]") {
      if (found.length) this.take(",");
      found.push(this.value(depth + 1));
    }
    this.at += 1;
    return found;
  }

  object(depth) {
    const found = Object.create(null);
    let last = "";
    this.take("{");
    while (this.text[this.at] !== "}") {
      if (last) this.take(",");
      if (this.text[this.at] !== '"') this.refuse();
      const key = this.string();
      if (!KEY.test(key) || key <= last) this.refuse();
      this.take(":");
      found[key] = this.value(depth + 1);
      last = key;
    }
    this.at += 1;
    return found;
  }
}

/** The value of canonical text; `note` allows line ends in strings (the checkpoint of log.json alone has them). */
export function parse(text, note = false) {
  const reader = new Reader(text, note);
  const found = reader.value(0);
  if (reader.at !== text.length || canon(found) !== text) reader.refuse();
  return found;
}

/** The value of a JSON file: canonical bytes and one line end. */
export function parseFile(data, note = false) {
  const text = decoded(data);
  if (!text.endsWith("\n")) throw new Refused("no_line_end");
  return parse(text.slice(0, -1), note);
}

/** The lines of a file, each without the 0A that ends it. */
export function* lines(data) {
  let from = 0;
  while (from < data.length) {
    const end = data.indexOf(10, from);
    if (end < 0) throw new Refused("no_line_end");
    yield data.subarray(from, end);
    from = end + 1;
  }
}

export function decoded(data) {
  try {
    return textOf(data);
  } catch {
    throw new Refused("not_utf8");
  }
}

const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;

/** Seconds since 1970 of a time of section 1, or NaN. */
export function seconds(text) {
  const parts = TIME.exec(text);
  if (!parts || parts[1] === "0000") return NaN;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString() === text.replace("Z", ".000Z") ? at / 1000 : NaN;
}
