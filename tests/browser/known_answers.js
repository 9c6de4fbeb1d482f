// What the verifier's modules compute from the known answers' inputs; run in the page by its test.
async ({ example, deal, trees, drand }) => {
  const from = (name) => import(`/static/verifier/${name}.js`);
  const names = ["deal", "merkle", "drand", "bytes", "beacon", "tickets", "canon"];
  const [{ Deal }, merkle, { signsRound }, { hex, unhex }, { beaconText }, { seed }, { canon, H }] = await Promise.all(names.map(from));
  const dealt = async (seed, seats, inspectors, conflicts, subjects) => {
    const found = new Deal(seed, seats, inspectors, conflicts, subjects);
    await found.run(new Set(), async () => {});
    return { teams: subjects.map((_, turn) => found.team(turn).map((i) => found.nameOf(i))), empty: found.empty, loads: found.load };
  };
  const hash = H(`dr1|plan|${canon(example.plan)}`);
  const secrets = (purpose) => Object.entries(example.secrets[purpose]).map(([party, secret]) => ({ party, secret }));
  const { repair } = example;
  const without = repair.inspectors.filter(({ id }) => id !== "D");
  const people = repair.subjects_in_order.map((id) => ({ id, region: "r" }));
  return {
    hash,
    seeds: ["subject", "inspector"].map((purpose) => seed(hash, purpose, example.beacon, secrets(purpose), false)),
    beacon: beaconText(example.plan.randomness, example.observed),
    beacons: example.other_beacon_texts.map(({ source, seen }) => beaconText([source], [seen])),
    deal: await dealt(deal.seed, deal.seats, deal.inspectors, deal.conflicts, deal.subjects_in_order),
    repair: await dealt(repair.seed, repair.seats, repair.inspectors, repair.conflicts, people),
    without: await dealt(repair.seed, repair.seats, without, repair.conflicts, people),
    roots: Object.keys(trees.roots_by_size).map((n) => hex(merkle.merkleRoot(trees.leaves_hex.slice(0, n).map(unhex)))),
    empty: hex(merkle.merkleRoot([])),
    inclusion: trees.inclusion.map(({ index, size, path }) =>
      hex(merkle.rootByInclusion(unhex(trees.leaf_hashes[index]), index, size, path.map(unhex))) === trees.roots_by_size[size]),
    consistency: trees.consistency.map(({ old, new: fresh, path }) => merkle.isConsistent(
      old, fresh, unhex(trees.roots_by_size[old]), unhex(trees.roots_by_size[fresh]), path.map(unhex))),
    rounds: drand.rounds.filter(({ network }) => network === "quicknet").map(({ signature, round }) =>
      [signsRound(signature, round), signsRound(signature, round + 1)]),
    rejected: drand.must_reject.map(({ signature, round }) => signsRound(signature, round)),
  };
}
