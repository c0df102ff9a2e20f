import {
  base64,
  bytesOf,
  chainOf,
  commitOf,
  ecKey,
  envelope,
  evidenceOf,
  at,
  jcs,
  keyRow,
  keysBytes,
  keysOf,
  MANIFESTS,
  mlKey,
  openTest,
  packOf,
  pinOf,
  place,
  reportPath,
  ROWS as ATTACHED,
  seal,
  sha256,
  signatureBy,
  statementBody,
  statementOf,
  textOf,
  CHAIN,
  type Evidence,
  type Loose,
  type TestKey,
} from "./chain.ts";

/** What a verifier must say of an attack. */
export interface Expected {
  /** The checks that fail, each once, in order. None: it cannot be seen. */
  readonly checks: readonly string[];
  /** The questions that are then answered no. */
  readonly no: readonly ("intact" | "complete" | "sourced" | "anchored")[];
  readonly notChecked?: readonly ("intact" | "complete" | "sourced" | "anchored")[];
  /** Reports said to be late. */
  readonly late?: readonly number[];
}

/** An attack on evidence (rows of the threat table), and who sees it by what. */
export interface Row {
  readonly row: string;
  readonly because: string;
  readonly evidence: () => Evidence;
  readonly expected: Expected;
  /** Where ML-DSA cannot be verified; absent: the same. */
  readonly p256?: Expected;
  /** The check by which the shell script sees it, or why it cannot. */
  readonly shell: string | { readonly blind: string };
}

const ec = ecKey();
const ml = mlKey();
const stranger = ecKey();
const keys = keysOf([ec]);
const six = chainOf(6, [ec]);
const both = chainOf(6, [ec, ml]);
const bothKeys = keysOf([ec, ml]);

/** The chain with one report's file in another form. */
const withFile = (reports: readonly Uint8Array[], sequence: number, file: Uint8Array): readonly Uint8Array[] =>
  reports.with(sequence - 1, file);
const changed = (file: Uint8Array, change: (statement: Loose) => Loose): Uint8Array => {
  const statement = structuredClone(statementOf(file));
  return bytesOf(jcs(change(statement) ?? statement));
};
/** One report, changed and signed again by whoever has the keys. */
const resigned = (sequence: number, change: (statement: Loose) => Loose, by: readonly TestKey[] = [ec]) =>
  seal(changed(six[sequence - 1]!, change), by);
const sixWith = (sequence: number, change: (statement: Loose) => Loose): Evidence =>
  evidenceOf(withFile(six, sequence, resigned(sequence, change)), keys);
const lastWith = (change: (statement: Loose) => Loose): Evidence => sixWith(6, change);
const without = (evidence: Evidence, ...paths: readonly string[]): Evidence => ({
  ...evidence,
  files: new Map([...evidence.files].filter(([path]) => !paths.includes(path))),
});
const having = (evidence: Evidence, path: string, bytes: Uint8Array): Evidence => ({
  ...evidence,
  files: new Map([...evidence.files, [path, bytes]]),
});
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 1);
const inText = (file: Uint8Array, from: string, to: string): Uint8Array => bytesOf(textOf(file).replace(from, to));

const seen = (check: string, question: Expected["no"][number], ...more: readonly string[]): Expected => ({
  checks: [check, ...more],
  no: more.includes("link") && question !== "complete" ? [question, "complete"] : [question],
});
/** A file that no trusted key signed has no place in the chain, nor has the one after it. */
const refused = (check: string): Expected => ({ checks: [check, "link"], no: ["intact", "complete"] });
const refusedLast = (check: string): Expected => ({ checks: [check], no: ["intact", "complete"] });
const UNSEEN: Expected = { checks: [], no: [] };
const NO_CANON = { blind: "it does not compare a payload with its one spelling" };
const NO_LOG = { blind: "it computes no log" };
const NO_TIMES = { blind: "it reads no times" };
const NO_SUMS = { blind: "it does not look into what a report says" };
const NO_GIT = { blind: "it reads no git packs" };

const commit = commitOf(MANIFESTS);
const packPath = `v1/${CHAIN}/git/${commit.commit.id}.pack`;
const rewrittenFrom = (sequence: number, reports: readonly Uint8Array[], by: readonly TestKey[]) => {
  const files = reports.slice(0, sequence - 1);
  for (let n = sequence; n <= reports.length; n++) {
    const statement = statementBody(60 * n);
    statement.predicate.result = "FAILED";
    files.push(seal(bytesOf(jcs(place(statement, files, by))), by));
  }
  return files;
};

/** keys.json by which report 4 on is signed by another key. */
const successor = ecKey();
const rotatedKeys = keysOf([ec, successor], {
  keys: [
    keyRow(ec, { validToSequence: 3, status: "retired" }),
    keyRow(successor, { validFromSequence: 3, status: "active" }),
  ],
  policy: [
    { fromSequence: 1, threshold: 1, keyids: [ec.keyid] },
    { fromSequence: 4, threshold: 1, keyids: [successor.keyid] },
  ],
});
/** Six reports, the third the transition, or what is put there in its place. */
const rotated = (third: (statement: Loose) => Loose, signers: readonly TestKey[]): Evidence => {
  const files: Uint8Array[] = [];
  for (let n = 1; n <= 6; n++) {
    const by = n < 3 ? [ec] : n === 3 ? signers : [successor];
    const placed = place(statementBody(60 * n), files, by);
    files.push(seal(bytesOf(jcs(n === 3 ? third(placed) : placed)), by));
  }
  return evidenceOf(files, rotatedKeys);
};
export const transition = (statement: Loose, change: Loose = {}): Loose => ({
  ...statement,
  predicateType: "https://holdfast.dev/key-transition/v1",
  predicate: {
    ...statement.predicate,
    transition: {
      reason: "yearly",
      from: [ec.keyid],
      to: [keyRow(successor)],
      newPolicy: rotatedKeys.policy[1],
      ...change,
    },
  },
});

const short = (statement: Loose, of: Uint8Array, since: Loose = {}): Loose => ({
  ...statement,
  predicate: {
    ...statement.predicate,
    attachments: [],
    unchanged: {
      since: { sequence: 2, payloadSha256: sha256(openTest(of).payload), ...since },
      sections: ["observations"],
    },
  },
});
/** Six reports, the fourth a short one that refers to the second. */
const shortened = (fourth: (statement: Loose, second: Uint8Array) => Loose): Evidence => {
  const files: Uint8Array[] = [];
  for (let n = 1; n <= 6; n++) {
    const placed = place(statementBody(60 * n), files, [ec]);
    files.push(seal(bytesOf(jcs(n === 4 ? fourth(placed, files[1]!) : placed)), [ec]));
  }
  return evidenceOf(files, keys);
};

/** A report with a list of breaches, and its count where there is one. */
const withBreaches =
  (rpoBreaches: readonly Loose[], count?: number) =>
  (statement: Loose): Loose => {
    statement.predicate.jobs = { rpoBreaches };
    statement.predicate.summary["jobs.rpoBreaches"] = count;
    return statement;
  };
const BREACH = { arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", policy: "every-day" };

/** Whether a verifier that has all that it asks for says yes to what is as it was written. */
export const SOUND: readonly (Row & { readonly yes: Expected["no"] })[] = [
  {
    row: "a chain by one key, pinned",
    because: "it is as it was written",
    evidence: () => evidenceOf(six, keys, { head: pinOf(six, 6) }),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced", "anchored"],
    shell: "",
  },
  {
    row: "a chain by two keys, pinned",
    because: "it is as it was written",
    evidence: () => evidenceOf(both, bothKeys, { head: pinOf(both, 6) }),
    expected: UNSEEN,
    p256: { checks: [], no: [], notChecked: ["intact"] },
    yes: ["intact", "complete", "sourced", "anchored"],
    shell: "",
  },
  {
    row: "a chain from a pinned start on",
    because: "its log goes on from what the start carries",
    evidence: () =>
      without(evidenceOf(six, keys, { head: pinOf(six, 6), start: pinOf(six, 4) }), ...[1, 2, 3].map(reportPath)),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced", "anchored"],
    shell: "",
  },
  {
    row: "a chain whose keys changed by a transition",
    because: "old and new keys signed it",
    evidence: () => rotated((statement) => transition(statement), [ec, successor]),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced"],
    shell: "",
  },
  {
    row: "a chain with a short report",
    because: "the full one that it refers to is there",
    evidence: () => shortened(short),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced"],
    shell: "",
  },
  {
    row: "a chain of reports from before breaches of objectives were counted",
    because: "their lists of them are empty",
    evidence: () => evidenceOf(chainOf(6, [ec], withBreaches([])), keys),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced"],
    shell: "",
  },
  {
    row: "a chain over the whole of a period",
    because: "its windows reach over it",
    evidence: () => evidenceOf(six, keys, { from: at(61), to: at(360), now: at(400) }),
    expected: UNSEEN,
    yes: ["intact", "complete", "sourced"],
    shell: "",
  },
];

export const ROWS: readonly Row[] = [
  {
    row: "1: flips a byte of one payload",
    because: "the signature covers it",
    evidence: () => {
      const { payload, signatures } = openTest(six[3]!);
      return evidenceOf(withFile(six, 4, envelope(flip(payload, 100), signatures)), keys);
    },
    expected: refused("signature"),
    shell: "signature",
  },
  {
    row: "2: removes report 5",
    because: "sequences have no gaps",
    evidence: () => without(evidenceOf(six, keys), reportPath(5)),
    expected: seen("sequence", "complete"),
    shell: "sequence",
  },
  {
    row: "2: removes the first",
    because: "a chain begins with report 1",
    evidence: () => without(evidenceOf(six, keys), reportPath(1)),
    expected: seen("start", "complete"),
    shell: "start",
  },
  {
    row: "3: swaps two files",
    because: "a report says its own number",
    evidence: () => evidenceOf(six.with(2, six[3]!).with(3, six[2]!), keys),
    expected: { checks: ["sequence", "link"], no: ["complete"] },
    shell: "sequence",
  },
  {
    row: "4: a foreign key under our key id",
    because: "the pinned public key decides, not a name",
    evidence: () => {
      const { payload } = openTest(six[3]!);
      const { sig } = signatureBy(stranger, payload);
      return evidenceOf(withFile(six, 4, envelope(payload, [{ keyid: ec.keyid, sig }])), keys);
    },
    expected: refused("signature"),
    shell: "signature",
  },
  {
    row: "4: our signature under a foreign name",
    because: "names are not signed, so a wrong one is an alteration",
    evidence: () => {
      const { payload, signatures } = openTest(six[5]!);
      return evidenceOf(withFile(six, 6, envelope(payload, [{ ...signatures[0]!, keyid: stranger.keyid }])), keys);
    },
    expected: refusedLast("key-id"),
    shell: "key-id",
  },
  {
    row: "5: cuts the newest 3, and nothing is pinned",
    because: "no chain shows this by itself",
    evidence: () => without(evidenceOf(six, keys), ...[4, 5, 6].map(reportPath)),
    expected: UNSEEN,
    shell: { blind: "nobody can" },
  },
  {
    row: "5: cuts the newest 3, the head pinned",
    because: "the pinned head is not there",
    evidence: () => without(evidenceOf(six, keys, { head: pinOf(six, 6) }), ...[4, 5, 6].map(reportPath)),
    expected: seen("head", "anchored"),
    shell: "head",
  },
  {
    row: "5: cuts the newest 3, and the time is known",
    because: "the next report is overdue",
    evidence: () => without(evidenceOf(six, keys, { now: at(400) }), ...[4, 5, 6].map(reportPath)),
    expected: seen("due", "complete"),
    shell: NO_TIMES,
  },
  {
    row: "5: cuts the newest 3 of a period",
    because: "the windows do not reach to its end",
    evidence: () => without(evidenceOf(six, keys, { from: at(61), to: at(360) }), ...[4, 5, 6].map(reportPath)),
    expected: seen("period", "complete"),
    shell: NO_TIMES,
  },
  {
    row: "6: replays an old report under a newer name",
    because: "a report says its own number",
    evidence: () => evidenceOf(withFile(six, 6, six[1]!), keys),
    expected: { checks: ["sequence", "link"], no: ["complete"] },
    shell: "sequence",
  },
  {
    row: "7: steals the ECDSA key, rewrites report 5 and leaves ML-DSA out",
    because: "the policy asks for both keys",
    evidence: () => {
      const payload = changed(both[4]!, ({ predicate }) => void (predicate.result = "FAILED"));
      return evidenceOf(withFile(both, 5, seal(payload, [ec])), bothKeys);
    },
    expected: refused("signature"),
    shell: "link",
  },
  {
    row: "8: steals both keys and rewrites report 5",
    because: "report 6 was made after another one",
    evidence: () => {
      const payload = changed(both[4]!, ({ predicate }) => void (predicate.result = "FAILED"));
      return evidenceOf(withFile(both, 5, seal(payload, [ec, ml])), bothKeys);
    },
    expected: seen("link", "complete"),
    p256: { ...seen("link", "complete"), notChecked: ["intact"] },
    shell: "link",
  },
  {
    row: "8: steals the key and signs report 5 again as it is",
    because: "report 6 names the signatures there were",
    evidence: () =>
      evidenceOf(
        withFile(
          six,
          5,
          resigned(5, () => {}),
        ),
        keys,
      ),
    expected: seen("signature-list", "intact"),
    shell: { blind: "it compares payloads, not envelopes" },
  },
  {
    row: "9: steals both keys and rewrites 4 to 6, and nothing is pinned",
    because: "it is a chain as good as the other",
    evidence: () => evidenceOf(rewrittenFrom(4, both, [ec, ml]), bothKeys),
    expected: UNSEEN,
    p256: { ...UNSEEN, notChecked: ["intact"] },
    shell: { blind: "nobody can" },
  },
  {
    row: "9: steals both keys and rewrites 4 to 6, the head pinned",
    because: "the pinned head is another one",
    evidence: () => evidenceOf(rewrittenFrom(4, both, [ec, ml]), bothKeys, { head: pinOf(both, 6) }),
    expected: seen("head", "anchored"),
    p256: { ...seen("head", "anchored"), notChecked: ["intact"] },
    shell: "head",
  },
  {
    row: "10: copies signature 1 into slot 2",
    because: "distinct keys count",
    evidence: () => {
      const { payload, signatures } = openTest(both[5]!);
      return evidenceOf(withFile(both, 6, envelope(payload, [signatures[0]!, signatures[0]!])), bothKeys);
    },
    expected: refusedLast("signature"),
    shell: { blind: "it takes ML-DSA signatures for made, and says that they were not checked" },
  },
  {
    row: "10: copies signature 1 into slot 2 under the second key's name",
    because: "the second key did not make it",
    evidence: () => {
      const { payload, signatures } = openTest(both[5]!);
      const [first, second] = signatures;
      const twice = [first!, { keyid: second!.keyid, sig: first!.sig }];
      return evidenceOf(withFile(both, 6, envelope(payload, twice)), bothKeys);
    },
    expected: refusedLast("signature"),
    p256: { ...UNSEEN, notChecked: ["intact"] },
    shell: { blind: "it takes ML-DSA signatures for made, and says that they were not checked" },
  },
  {
    row: "11: changes the payload type",
    because: "the type is compared, and signed",
    evidence: () => {
      const { payload, signatures } = openTest(six[3]!);
      return evidenceOf(withFile(six, 4, envelope(payload, signatures, "application/json")), keys);
    },
    expected: refused("payload-type"),
    shell: "payload-type",
  },
  ...(
    [
      ["garbage inside base64", "*"],
      ["four characters of garbage, which some decoders drop", "****"],
      ["URL-safe letters", "-_-_"],
      ["a line end inside base64", "\\n"],
    ] as const
  ).map(([what, garbage]): Row => ({
    row: `12: ${what}`,
    because: "the decoder is strict",
    evidence: () => evidenceOf(withFile(six, 4, inText(six[3]!, '"payload":"', `"payload":"${garbage}`)), keys),
    expected: refused("base64"),
    shell: "base64",
  })),
  {
    row: "12: base64 of a key id's signature without its padding",
    because: "base64 has one spelling",
    evidence: () => {
      const { payload } = openTest(six[3]!);
      return evidenceOf(withFile(six, 4, envelope(payload, [{ keyid: "x", sig: "QQ" }])), keys);
    },
    expected: refused("base64"),
    shell: "base64",
  },
  {
    row: "13: a member twice in the envelope",
    because: "two parsers would see two envelopes",
    evidence: () => evidenceOf(withFile(six, 4, inText(six[3]!, "{", '{"payloadType":"x",')), keys),
    expected: refused("canonical"),
    shell: "canonical",
  },
  {
    row: "13: a member twice in a payload, signed",
    because: "two parsers would see two reports",
    evidence: () => {
      const payload = inText(openTest(six[5]!).payload, "{", '{"_type":"x",');
      return evidenceOf(withFile(six, 6, seal(payload, [ec])), keys);
    },
    expected: refusedLast("canonical"),
    shell: NO_CANON,
  },
  {
    row: "13: a member too many in the envelope",
    because: "no byte of a file can change unseen",
    evidence: () => {
      const { payload, signatures } = openTest(six[5]!);
      const file = bytesOf(
        jcs({ payload: base64(payload), payloadType: "application/vnd.in-toto+json", signatures, x: 1 }),
      );
      return evidenceOf(withFile(six, 6, file), keys);
    },
    expected: refusedLast("envelope"),
    shell: "envelope",
  },
  {
    row: "15: stays silent for a day",
    because: "the report after it came later than was promised",
    evidence: () => {
      const files = [...chainOf(3, [ec])];
      for (let n = 4; n <= 6; n++)
        files.push(seal(bytesOf(jcs(place(statementBody(60 * n + 1_440), files, [ec]))), [ec]));
      return evidenceOf(files, keys);
    },
    expected: { ...UNSEEN, late: [4] },
    shell: NO_TIMES,
  },
  {
    row: "15: stays silent, and hides it in the window",
    because: "windows follow one another without a gap",
    evidence: () => lastWith(({ predicate }) => void (predicate.chain.window.from = at(350))),
    expected: seen("window", "complete"),
    shell: NO_TIMES,
  },
  {
    row: "17: another chain's report",
    because: "the keys name the chain",
    evidence: () => lastWith(({ predicate }) => void (predicate.chain.id = "00000000-0000-4000-8000-0000000000ff")),
    expected: seen("chain-id", "complete"),
    shell: "chain-id",
  },
  {
    row: "17: a second beginning in the middle",
    because: "only the first report can take another chain's place",
    evidence: () => lastWith(({ predicate }) => void (predicate.chain.genesis = { reason: "anew" })),
    expected: seen("supersedes", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "18: another pack under the commit's name",
    because: "the report signs the pack's digest",
    evidence: () => having(evidenceOf(six, keys), packPath, packOf(commitOf(MANIFESTS, { message: "Other" }).objects)),
    expected: seen("pack", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "18: the pack is gone",
    because: "the report says that there is one",
    evidence: () => having(without(evidenceOf(six, keys), packPath), `v1/${CHAIN}/git/other.pack`, new Uint8Array()),
    expected: { ...seen("pack-missing", "complete"), notChecked: ["sourced"] },
    shell: NO_GIT,
  },
  ...(
    [
      [
        "history is written anew: the pack holds another commit",
        "commit",
        commitOf(MANIFESTS, { message: "Other" }).objects,
      ],
      ["a manifest that the report does not name", "source", commitOf([...MANIFESTS, { path: "zz.yaml", text: "x" }])],
      ["a pack without its trees", "tree", commit.objects.filter(({ type }) => type !== "tree")],
      ["a pack without a blob", "pack", commit.objects.slice(0, -1)],
    ] as const
  ).map(([what, check, objects]): Row => {
    const all = "objects" in objects ? objects.objects : objects;
    const pack = packOf(all);
    return {
      row: `18: ${what}, and the report is signed for it`,
      because: "what a commit holds follows from its id",
      evidence: () => {
        const evidence = lastWith(({ predicate, subject }) => {
          predicate.source.pack = { sha256: sha256(pack), size: pack.length };
          if ("objects" in objects) {
            predicate.source.commit = subject[0].digest.gitCommit = objects.commit.id;
            predicate.source.tree = objects.folder.id;
          }
        });
        if ("objects" in objects) return having(evidence, `v1/${CHAIN}/git/${objects.commit.id}.pack`, pack);
        // Only the last report is compared with this pack.
        const first = chainOf(1, [ec], (statement) => {
          statement.predicate.source.pack = { sha256: sha256(pack), size: pack.length };
          return statement;
        });
        return having(evidenceOf(first, keys), packPath, pack);
      },
      expected: seen(check, "sourced"),
      shell: NO_GIT,
    };
  }),
  {
    row: "18: a pack with deltas",
    because: "our packs have none, and reading them would take much more code",
    evidence: () => {
      const pack = packOf(commit.objects, 7);
      const first = chainOf(1, [ec], (statement) => {
        statement.predicate.source.pack = { sha256: sha256(pack), size: pack.length };
        return statement;
      });
      return having(evidenceOf(first, keys), packPath, pack);
    },
    expected: seen("pack", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "18: another tree than the commit's",
    because: "a folder's tree follows from the commit",
    evidence: () => lastWith(({ predicate }) => void (predicate.source.tree = "0".repeat(40))),
    expected: seen("tree", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "18: another folder than the manifests'",
    because: "the commit has none of that name",
    evidence: () => lastWith(({ predicate }) => void (predicate.source.manifestRoot = "other")),
    expected: seen("manifest-root", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "18: leaves a manifest out",
    because: "the commit has it",
    evidence: () => lastWith(({ subject }) => void subject.pop()),
    expected: seen("source", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "19: a manifest that collides in SHA-1",
    because: "its SHA-256 is another",
    evidence: () => lastWith(({ subject }) => void (subject[1].digest.sha256 = sha256("collision"))),
    expected: seen("source", "sourced"),
    shell: NO_GIT,
  },
  {
    row: "20: sets the clock back",
    because: "a report finishes after the one before it",
    evidence: () =>
      lastWith(({ predicate }) => {
        predicate.run.startedOn = predicate.run.finishedOn = at(100);
        predicate.chain.window.to = predicate.chain.window.from;
      }),
    expected: seen("order", "complete"),
    shell: NO_TIMES,
  },
  {
    row: "21: another key under the alias",
    because: "the trust root names the keys",
    evidence: () => {
      const payload = changed(six[5]!, ({ predicate }) => void (predicate.signing.required = [stranger.keyid]));
      return evidenceOf(withFile(six, 6, seal(payload, [stranger])), keys);
    },
    expected: refusedLast("signature"),
    shell: "signature",
  },
  {
    row: "21: another key in keys.json under the old name",
    because: "a key's name is its digest",
    evidence: () => ({
      ...evidenceOf(six, keys),
      keys: keysBytes({ ...keys, keys: [{ ...keys.keys[0], spki: base64(stranger.spki) }] }),
    }),
    expected: { checks: ["keys"], no: [] },
    shell: "keys",
  },
  {
    row: "21: keys change, and no report says so",
    because: "keys change by a transition, signed by old and new",
    evidence: () => rotated((statement) => statement, [ec]),
    expected: seen("transition", "intact"),
    shell: { blind: "it takes keys.json for what it says" },
  },
  {
    row: "21: a transition that the new key did not sign",
    because: "both must",
    evidence: () => rotated((statement) => transition(statement), [ec]),
    expected: seen("transition", "intact"),
    shell: { blind: "it takes keys.json for what it says" },
  },
  {
    row: "21: a transition that the old key did not sign",
    because: "both must",
    evidence: () => rotated((statement) => transition(statement), [successor]),
    expected: refused("signature"),
    shell: "signature",
  },
  {
    row: "21: a transition to other keys than keys.json has",
    because: "what was signed and what was reviewed are the same",
    evidence: () =>
      rotated(
        (statement) =>
          transition(statement, { newPolicy: { fromSequence: 4, threshold: 1, keyids: [stranger.keyid] } }),
        [ec, successor],
      ),
    expected: seen("transition", "intact"),
    shell: { blind: "it takes keys.json for what it says" },
  },
  {
    row: "signs a log that is not that of the reports before it",
    because: "the root is recomputed",
    evidence: () =>
      lastWith(({ predicate }) => {
        predicate.chain.log.rootHash = "0".repeat(64);
      }),
    expected: seen("log", "complete"),
    shell: NO_LOG,
  },
  {
    row: "carries hashes that are not its log's",
    because: "the next writer would go on with them",
    evidence: () => lastWith(({ predicate }) => void (predicate.carried.frontier[0] = "0".repeat(64))),
    expected: seen("log", "complete"),
    shell: NO_LOG,
  },
  {
    row: "counts rows that are not there",
    because: "a cut list shows",
    evidence: () => lastWith(({ predicate }) => void (predicate.summary.held = 3)),
    expected: seen("summary", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "holds breaches of objectives, and does not count them",
    because: "only an empty list may go uncounted",
    evidence: () => lastWith(withBreaches([BREACH])),
    expected: seen("summary", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "empties the list of the breaches of objectives that it counts",
    because: "a cut list shows",
    evidence: () => lastWith(withBreaches([], 1)),
    expected: seen("summary", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "counts other rows than an attachment has",
    because: "its rows are counted",
    evidence: () => lastWith(({ predicate }) => void (predicate.summary.observations = 3)),
    expected: seen("summary", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "changes a byte of an attachment",
    because: "the report signs its digest",
    evidence: () => having(evidenceOf(six, keys), `v1/${CHAIN}/attachments/${sha256(ATTACHED)}`, flip(ATTACHED, 12)),
    expected: seen("attachment", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "takes an attachment away",
    because: "the report says that there is one",
    evidence: () => {
      const path = `v1/${CHAIN}/attachments/`;
      return having(without(evidenceOf(six, keys), `${path}${sha256(ATTACHED)}`), `${path}${"0".repeat(64)}`, ATTACHED);
    },
    expected: seen("attachment-missing", "complete"),
    shell: NO_SUMS,
  },
  {
    row: "refers to a full report as it is not",
    because: "the full report's digest is in it",
    evidence: () => shortened((statement, second) => short(statement, second, { payloadSha256: "0".repeat(64) })),
    expected: seen("unchanged", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "refers to a report that comes later",
    because: "nothing is known of it yet",
    evidence: () => shortened((statement, second) => short(statement, second, { sequence: 6 })),
    expected: seen("unchanged", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "says that nothing changed, and counts other rows",
    because: "the full report counts them too",
    evidence: () =>
      shortened((statement, second) => {
        const told = short(statement, second);
        told.predicate.summary = { ...told.predicate.summary, observations: 1 };
        return told;
      }),
    expected: seen("unchanged", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "asks for a signature that it does not have",
    because: "a report says who must have signed it",
    evidence: () => lastWith(({ predicate }) => void predicate.signing.required.push(stranger.keyid)),
    expected: seen("required-keys", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "calls a key in a file one in KMS",
    because: "keys.json says what it is",
    evidence: () => lastWith(({ predicate }) => void (predicate.signing.keys[0].protection = "local-file")),
    expected: seen("keys-policy", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "has rows of a file that it does not name",
    because: "every manifest is a subject",
    evidence: () =>
      lastWith(({ predicate }) => {
        predicate.held = [{ manifest: { path: "none.yaml", line: 1, column: 1 } }];
        predicate.summary.held = 1;
      }),
    expected: seen("manifest", "intact"),
    shell: NO_SUMS,
  },
  {
    row: "names 1,025 subjects",
    because: "verifiers in Go take 1,024",
    evidence: () => lastWith(({ subject }) => void subject.push(...many(1_025 - subject.length))),
    expected: refusedLast("subject"),
    shell: NO_SUMS,
  },
  {
    row: "gives no files at all",
    because: "nothing is never a yes",
    evidence: () => without(evidenceOf([], keys)),
    expected: { checks: ["no-reports"], no: ["intact", "complete"] },
    shell: "no-reports",
  },
  {
    row: "gives an empty file",
    because: "nothing is never a yes",
    evidence: () => evidenceOf(withFile(six, 6, new Uint8Array()), keys),
    expected: refusedLast("envelope"),
    shell: "envelope",
  },
  {
    row: "puts in a file under another name",
    because: "every file there is must be a report",
    evidence: () => having(evidenceOf(six, keys), `v1/${CHAIN}/reports/notes.txt`, bytesOf("x")),
    expected: { checks: ["file-name"], no: ["complete"] },
    shell: "file-name",
  },
  {
    row: "begins a file with a byte order mark",
    because: "it has one spelling",
    evidence: () => evidenceOf(withFile(six, 6, Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), six[5]!])), keys),
    expected: refusedLast("canonical"),
    shell: "canonical",
  },
  ...(
    [
      // jq refuses it too.
      ["a lone surrogate", '"result":"CONVERGED"', '"result":"\\ud800"', "canonical", "canonical"],
      ["a fraction", '"held":0', '"held":0.5', "number"],
      ["a number beyond 2^53-1", '"held":0', '"held":9007199254740992', "number"],
      ["a number in another spelling", '"held":0', '"held":0e0', "canonical"],
      ["minus nothing", '"held":0', '"held":-0', "canonical"],
      ["white space", '"held":0', '"held": 0', "canonical"],
      ["an escape that need not be", '"result":"CONVERGED"', '"result":"\\u0043ONVERGED"', "canonical"],
    ] as readonly (readonly [what: string, from: string, to: string, check: string, shell?: string])[]
  ).map(([what, from, to, check, shell]): Row => ({
    row: `signs ${what}`,
    because: "a payload has one spelling",
    evidence: () => {
      const payload = inText(openTest(six[5]!).payload, from, to);
      return evidenceOf(withFile(six, 6, seal(payload, [ec])), keys);
    },
    expected: refusedLast(check),
    shell: shell ?? NO_CANON,
  })),
  {
    row: "signs bytes that are no UTF-8",
    because: "two readers would see two texts",
    evidence: () => evidenceOf(withFile(six, 6, seal(Uint8Array.of(0xff), [ec])), keys),
    expected: refusedLast("utf8"),
    shell: "canonical",
  },
  {
    row: "spells a signature with a byte after it",
    because: "DER has one spelling",
    evidence: () => {
      const { payload, signatures } = openTest(six[5]!);
      const sig = base64(Buffer.concat([Buffer.from(signatures[0]!.sig, "base64"), Buffer.of(0)]));
      return evidenceOf(withFile(six, 6, envelope(payload, [{ ...signatures[0]!, sig }])), keys);
    },
    expected: refusedLast("der"),
    shell: "signature",
  },
  {
    row: "signs a statement of another type",
    because: "this is not a report",
    evidence: () => lastWith((statement) => void (statement.predicateType = "https://example.org/x/v1")),
    expected: refusedLast("schema"),
    shell: NO_SUMS,
  },
  {
    row: "leaves the log and the window out by the old form",
    because: "a chain keeps to its form",
    evidence: () =>
      lastWith((statement) => {
        statement.predicateType = "https://holdfast.dev/reconciliation-report/v0";
        statement.predicate.schema = "0.1";
        delete statement.predicate.chain.log;
        delete statement.predicate.chain.window;
      }),
    expected: seen("schema", "intact"),
    shell: NO_SUMS,
  },
];

function many(count: number): readonly Loose[] {
  return Array.from({ length: count }, (_, n) => ({
    name: `z${String(n).padStart(5, "0")}.yaml`,
    digest: { sha256: sha256(`${n}`), gitBlob: "0".repeat(40) },
  }));
}
