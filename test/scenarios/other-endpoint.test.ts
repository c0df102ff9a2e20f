import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { serve, type Served } from "../cli/command-line.ts";
import { ADMINISTRATOR } from "../support/installation.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { passages } from "./telling.ts";

/** The hub's own account, entered with the caller's own credentials: what fits an endpoint that knows no organization. */
const AMBIENT = edited(
  "fleet.yaml",
  PRODUCTION["fleet.yaml"].slice(PRODUCTION["fleet.yaml"].indexOf("spec:")),
  `spec:
  access: ambient
  regions: [eu-west-1]
  management: enforce
  groups:
    production: {}
    central: {}
`,
);

type Missing = (response: ServerResponse, path: string) => void;

const MISSING: Readonly<Record<string, Missing>> = {
  "501, as LocalStack says it": (response) => {
    response.writeHead(501, {
      "content-type": "application/json",
      "x-amzn-requestid": "00000000-0000-4000-8000-000000000000",
    });
    response.end(
      JSON.stringify({
        __type: "InternalFailure",
        message: "API for service 'backup' not yet implemented or pro feature",
      }),
    );
  },
  "404 without a word": (response) => {
    response.writeHead(404);
    response.end();
  },
  "a web server's page": (response, path) => {
    response.writeHead(404, { "content-type": "text/html" });
    response.end(`<html><body><h1>Not Found</h1>The requested URL ${path} was not found on this server.</body></html>`);
  },
  "a web application's page for whatever it is asked": (response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Console</title>");
  },
};

/** Offers what it is given, as the simulator answers it; all else it does not have. */
async function endpointOffering(s: Served, offered: (path: string) => boolean, missing: Missing) {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (offered(path)) relay(s, request, response).catch((error: unknown) => response.destroy(error as Error));
    else missing(response, path);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function relay(s: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
  const answer = await fetch(new URL(request.url ?? "/", s.endpoint), {
    method: request.method ?? "GET",
    headers: headers as Record<string, string>,
    ...body,
  });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

const plan = (s: Served, url: string) =>
  // Most of them of a fleet of one account, which is looked at with whatever its owner may do there.
  s.run(["plan", "--endpoint-url", url], {
    as: ADMINISTRATOR,
    env: { HOLDFAST_EVIDENCE: `${s.folder}/evidence`, AWS_ENDPOINT_URL: undefined },
  });

describe.concurrent("an endpoint that offers a part of AWS", () => {
  it.each(Object.entries(MISSING))(
    "and answers for the rest with %s: those listings are unknown",
    async (_how, missing) => {
      await using s = await serve({ files: AMBIENT });
      await using endpoint = await endpointOffering(
        s,
        (path) => path === "/" || path.startsWith("/backup-vaults"),
        missing,
      );
      const planned = await plan(s, endpoint.url);
      expect(planned.err).toBe("");
      expect(planned.code).toBe(4);
      expect(passages(planned.out, "create vault nightly"), "what could be listed is judged").toContain("strengthens");
      expect(passages(planned.out, "?   unknown: backup:ListBackupPlans")).toContain("plan nightly (plan.yaml:2)");
    },
  );

  it("says that it does not offer an operation in so many words", async ({ expect }) => {
    await using s = await serve({ files: AMBIENT });
    const missing = MISSING["501, as LocalStack says it"]!;
    await using endpoint = await endpointOffering(
      s,
      (path) => path === "/" || path.startsWith("/backup-vaults"),
      missing,
    );
    const planned = await plan(s, endpoint.url);
    expect(passages(planned.out, "?   unknown: backup:ListBackupPlans")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListBackupPlans is not offered by the endpoint
            API for service 'backup' not yet implemented or pro feature (InternalFailure)
            not judged: plan nightly (plan.yaml:2), selection nightly/tagged (plan.yaml:15), every plan, every
              selection
            released by: a complete listing; unknown is never taken for absent"
    `);
  });

  it("and is whole plans like any other: the simulator has no code path of its own", async () => {
    await using s = await serve({ files: AMBIENT });
    await using endpoint = await endpointOffering(s, () => true, MISSING["404 without a word"]!);
    const planned = await plan(s, endpoint.url);
    expect([planned.code, planned.err]).toEqual([0, ""]);
    expect(planned.out).toEqual((await plan(s, s.endpoint)).out);
  });

  it("that is not there at all is a message, and no crash", async ({ expect }) => {
    await using s = await serve({ files: PRODUCTION });
    const planned = await plan(s, "http://127.0.0.1:9");
    expect(planned.code).toBe(4);
    expect(passages(planned.out, "central.yaml")).toMatchInlineSnapshot(`
      "?   unknown: sts:AssumeRole could not enter the account
            could not become arn:aws:iam::222233334444:role/holdfast-observe: connect ECONNREFUSED
              127.0.0.1:9 (ECONNREFUSED)
            not judged: vault central (central.yaml:2), vault-policy central (central.yaml:8), every vault, every
              vault-lock, every vault-policy, every vault-notifications, every plan, every selection, every
              restore-testing-plan, every restore-testing-selection
            released by: a complete listing; unknown is never taken for absent"
    `);
  });
});
