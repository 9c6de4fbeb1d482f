// The page around the verifier: takes a bundle, tells how far it is, shows fourteen verdicts. Words come from the page itself.

import { COUNT, verifyArchive } from "./verify.js";

const section = document.querySelector("#verifier");
const words = JSON.parse(section.dataset.words);
const part = (name) => section.querySelector(`[data-${name}]`);
const [input, again, drop] = [section.querySelector("#bundle"), part("again"), part("drop")];
let held = null;
let running = false;

const filled = (text, params = {}) => text.replace(/\{([a-z]+)\}/g, (whole, name) => params[name] ?? whole);

/** Files and pools are called by their names in plain words, the file's own name beside. */
function sentence(code, params = {}) {
  const { file, pool } = params;
  const told = { ...params, file: words.files[file] ?? file, pool: words.files[`${pool}.jsonl`] ?? pool };
  return filled(words.sentences[code] ?? code, told);
}

const state = (name, params) => filled(words.states[name], params);

function tell(text) {
  part("state").textContent = text;
}

function problem(text) {
  part("problem").textContent = text;
  part("problem").hidden = !text;
}

// ---- running: in a worker; where the browser has none for modules, here, with a breath now and then

function startWorker() {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      worker.onerror = () => resolve(null);
      worker.onmessage = () => resolve(worker);
    } catch {
      resolve(null);
    }
  });
}

function inWorker(worker, archive, options) {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data.check) showProgress(data.check);
      if (data.report) resolve(data.report);
    };
    worker.postMessage({ archive, options });
  });
}

function onThisThread(archive, options) {
  let last = performance.now();
  const breathe = async () => {
    if (performance.now() - last < 50) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
  return verifyArchive(new Uint8Array(archive), options, showProgress, breathe);
}

function showProgress(number) {
  part("progress").hidden = false;
  part("progress").value = number - 1;
  tell(state("working", { number, count: COUNT }));
}

const typed = (id) => section.querySelector(`#${id}`).value.trim();

function ownEvidence() {
  const witness = typed("own-witness");
  return { checkpoint: typed("own-checkpoint"), proof: typed("own-proof"), witnesses: witness ? [witness] : [] };
}

async function verify(archive) {
  if (running) return;
  running = true;
  held = archive;
  problem("");
  const from = performance.now();
  try {
    const options = { now: Date.now() / 1000, ...ownEvidence() };
    const report = await (worker ? inWorker(worker, archive, options) : onThisThread(archive, options));
    show(report, (performance.now() - from) / 1000);
  } finally {
    part("progress").hidden = true;
    running = false;
    again.disabled = false;
  }
}

// ---- showing

function show(report, seconds) {
  const count = (name) => report.checks.filter((check) => check.state === name).length;
  const counts = { passed: count("passed"), failed: count("failed"), open: count("not_checkable"), none: count("not_applicable") };
  const summary = state(`exit_${report.exit}`, counts);
  const answer = part("answer");
  answer.hidden = false;
  answer.dataset.exit = report.exit;
  part("summary").textContent = summary;
  part("draw").textContent = report.draw ? state(report.draw.rehearsal ? "rehearsal_draw" : "draw", report.draw) : "";
  const now = new Date().toLocaleString(document.documentElement.lang);
  part("counts").textContent = `${state("counts", counts)} ${state("as_of", { now, seconds: seconds.toFixed(1) })}`;
  for (const check of report.checks) showCheck(check);
  tell(state("done", { summary }));
  section.dataset.exit = report.exit;
  part("summary").focus();
}

function showCheck(check) {
  const row = document.querySelector(`[data-check="${check.number}"]`);
  row.className = `verdict verdict-${check.state === "not_checkable" ? "unknown" : check.state}`;
  row.dataset.state = check.state;
  const badge = document.querySelector(`template[data-badge="${check.state}"]`).content.cloneNode(true);
  row.querySelector("[data-verdict]").replaceChildren(badge);
  const found = row.querySelector("[data-found]");
  const told = [[check.code, check.params], ...(check.warnings ?? [])];
  found.textContent = told.map(([code, params]) => sentence(code, params)).join(document.documentElement.lang.startsWith("zh") ? "" : " ");
  found.hidden = false;
  const values = row.querySelector("[data-values]");
  values.replaceChildren(...check.values.map(([name, value]) => pair(words.values[name] ?? name, value)));
  values.hidden = check.values.length === 0;
}

function pair(name, value) {
  const line = document.createElement("div");
  const [term, told] = [document.createElement("dt"), document.createElement("dd")];
  const code = document.createElement("code");
  term.textContent = name;
  code.textContent = value;
  told.append(code);
  line.append(term, told);
  return line;
}

// ---- taking

async function take(file) {
  if (!file) return;
  tell(state("reading", { name: file.name }));
  try {
    await verify(await file.arrayBuffer());
  } catch {
    problem(state("not_read", { name: file.name }));
  }
}

async function fetchWanted(address) {
  tell(state("reading", { name: address }));
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    await verify(await answer.arrayBuffer());
  } catch (cause) {
    problem(state("not_fetched", { status: cause.message }));
  }
}

input.addEventListener("change", () => take(input.files[0]));
again.addEventListener("click", () => held && verify(held));
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("drop-over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("drop-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("drop-over");
  take(event.dataTransfer.files[0]);
});

const worker = await startWorker();
input.disabled = false;
tell(words.states.ready);
section.dataset.ready = worker ? "worker" : "page";
if (section.dataset.bundle) await fetchWanted(section.dataset.bundle);
