import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, universe } from "../support/universe.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { later, setRetention, unlock } from "../scenarios/people.ts";
import { mark, writesSince } from "../scenarios/telling.ts";
import { hubOf } from "./hub.ts";

describe("an event run", () => {
  it("explores", async () => {
    const u = universe({ files: PRODUCTION, events: true });
    await u.run();
    const hub = hubOf(u);
    const echo = await u.events.deliver(hub.take);
    console.log(
      JSON.stringify(echo.map((i) => [i.records.length, i.error && String(i.error), i.failed])),
      JSON.stringify(hub.taken.map((t) => [t.attended?.ended, t.metrics.slice(0, 3).map((m) => m.value)])),
    );
    console.log(
      hub
        .reports()
        .map((r) => [
          r.report.result,
          JSON.stringify(r.report.targets.map((t) => [t.target.account, t.target.region, t.result])),
        ]),
    );
    const from = mark(u);
    unlock(u);
    setRetention(u, 20);
    const invoked = await u.events.deliver(hub.take);
    console.log(
      JSON.stringify(
        invoked.map((i) => [
          i.records.map((r) => JSON.parse(r.body)["detail-type"] + JSON.stringify(JSON.parse(r.body).detail)),
          String(i.error),
          i.failed,
        ]),
      ),
    );
    console.log(
      hub
        .reports()
        .map((r) => [
          r.report.result,
          JSON.stringify(r.report.targets.map((t) => [t.target.account, t.target.region, t.result])),
          JSON.stringify(r.report.held.map((h) => [h.key.kind, h.key.name, h.reason, h.also, h.because])),
        ]),
    );
    console.log(writesSince(u, from).map(({ operation, identity }) => [operation, (identity as any)?.arn ?? ""]));
  });
});
