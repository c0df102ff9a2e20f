/** A process of its own: the simulator with an account of so many resources, whose answers are kept and whose calls are counted. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { BUCKETS, IRELAND } from "../../../test/support/universe.ts";
import type { Place } from "../order.ts";
import { type Answer, KeptAnswers, type Question } from "./kept-answers.ts";
import { KeptTags } from "./kept-tags.ts";
import { VAULT, wideAccount } from "./scene.ts";

const simulator = wideAccount(Number(process.argv[2]));
const kept = new KeptAnswers();
const tags = new KeptTags();
const { port } = await simulator.listen(0);

const ask = (question: Question): Promise<Answer> =>
  question.headers["x-amz-target"] === "ResourceGroupsTaggingAPI_20170126.GetResources"
    ? tags.answer(question, simulated)
    : simulated(question);

/** The simulator's answer. */
const simulated = ({ method, url, headers, body }: Question): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
      buffer(reply).then(
        (whole) => resolve({ status: reply.statusCode ?? 502, headers: headersOf(reply), body: whole }),
        reject,
      );
    });
    onward.on("error", reject);
    onward.end(body);
  });

/** But for what tells how it was sent: it is sent anew. */
const headersOf = ({ headers }: IncomingMessage): Answer["headers"] =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" && !HOW_SENT.has(name) ? [[name, value] as const] : [],
    ),
  );
const HOW_SENT: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const { status, body, ...told } = await kept.answer({ method, url, headers, body: await buffer(incoming) }, ask);
  outgoing.writeHead(status, { ...told.headers, "content-length": body.length });
  outgoing.end(body);
}

/** Its parent asks what was asked of it. */
process.on("message", () => process.send!(kept.told()));

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const { port: own } = server.address() as AddressInfo;
  process.send!({
    endpoint: `http://127.0.0.1:${own}`,
    region: IRELAND,
    vault: VAULT,
    bucket: BUCKETS.evidence,
    now: simulator.clock.now().getTime(),
  } satisfies Place);
});
process.once("disconnect", () => process.exit());
