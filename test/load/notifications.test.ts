import { describe, expect, it } from "vitest";
import { FLEET, loaded, manifest, refusal, shown } from "./support.ts";

const VAULT = manifest("BackupVault", "nightly", "targets: { groups: [all] }");
/** The Fleet with these lines below `notifications:`, which is its line 8. */
const withNotifications = (yaml: string) =>
  `${FLEET}  notifications:\n${yaml.replaceAll(/^(?=.)/gm, "    ")}\n${VAULT}`;
const route = (to: string, more = "") =>
  `routes:\n  - name: chat\n    to: ${to}\n${more.replaceAll(/^(?=.)/gm, "    ")}`;

const WEBHOOK = "webhook: { url: https://example.org/in, secret: hub-key }";

describe("a notification is refused", () => {
  it.each<[string, string, RegExp]>([
    [
      "that leads to two places",
      route("{ sns: arn:aws:sns:eu-west-1:111122223333:t, eventBus: default }"),
      /1\.yaml:11:\d+.* names sns and eventBus/,
    ],
    ["that leads nowhere", route("{}"), /names nowhere.*\n?.*give one of/],
    [
      "whose secret is in git",
      route("{ slack: { secret: 'https://hooks.slack.com/services/T/B/x' } }"),
      /never the secret itself/,
    ],
    [
      "whose address is a password",
      route("{ webhook: { url: https://hooks.slack.com/services/T/B/x, secret: k } }"),
      /is a password by itself/,
    ],
    [
      "whose address has a token",
      route("{ webhook: { url: 'https://example.org/in?token=x', secret: k } }"),
      /parameter token/,
    ],
    [
      "whose address has a name and password",
      route("{ webhook: { url: 'https://me:pw@example.org/in', secret: k } }"),
      /an https address/,
    ],
    ["over plain http", route("{ webhook: { url: http://example.org/in, secret: k } }"), /not https/],
    ["for a FIFO topic", route("{ sns: arn:aws:sns:eu-west-1:111122223333:t.fifo }"), /standard SNS topic/],
    [
      "in a zone that there is not",
      route(`{ ${WEBHOOK} }`, "quietHours: { timeZone: Mars/Olympus, from: '22:00', to: '06:00' }"),
      /IANA time zone/,
    ],
    [
      "with quiet hours of no length",
      route(`{ ${WEBHOOK} }`, "quietHours: { timeZone: Etc/UTC, from: '22:00', to: '22:00' }"),
      /hours of no length/,
    ],
    ["with a digest and no time for it", route(`{ ${WEBHOOK} }`, "mode: digest"), /no digest says when/],
    [
      "for a group that there is not",
      route(`{ ${WEBHOOK} }`, "only: { groups: [irland] }"),
      /names irland.*\n?.*ireland/,
    ],
    [
      "whose owner has no such route",
      `${route(`{ ${WEBHOOK} }`)}owners: { team-a: [chta] }`,
      /names chta, which is no route.*\n?.*chat/,
    ],
    [
      "that has a name twice",
      `${route(`{ ${WEBHOOK} }`)}\n  - name: chat\n    to: { eventBus: default }`,
      /repeats chat of entry 0/,
    ],
  ])("%s", async (_because, yaml, message) => {
    expect(await refusal(withNotifications(yaml))).toMatch(message);
  });
});

describe("notifications", () => {
  it("come to targets by group and account, failures only where nothing is said", async () => {
    const { fleet } = await loaded(
      withNotifications(`${route(`{ ${WEBHOOK} }`, "only: { groups: [ireland] }")}\nowners: { team-a: [chat] }`),
    );
    expect(fleet.notifications).toEqual({
      routes: [
        {
          name: "chat",
          mode: "failures",
          to: { by: "webhook", url: "https://example.org/in", secret: "hub-key" },
          only: { targets: ["111122223333/eu-west-1"] },
          remindAfterDays: 7,
        },
      ],
      owners: { "team-a": ["chat"] },
    });
  });

  it("warn of a cause that is misspelt", () => {
    const warned = shown(withNotifications(route("{ eventBus: default }", "only: { causes: [backup-faild] }")));
    expect(warned).toMatch(/is no known cause; found backup-faild.*\n?.*backup-failed/);
  });

  it.each([
    ["{ sns: arn:aws:sns:eu-west-1:111122223333:alarms }", "topics called holdfast-…"],
    ["{ eventBus: default }", "event buses called holdfast-…"],
    ["{ slack: { secret: slack } }", "secrets below holdfast/notify/"],
  ])("warn where %s leads beyond what the hub's role reaches", (to, what) => {
    expect(shown(withNotifications(route(to)))).toContain(what);
  });

  it("say nothing of what it does reach", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:holdfast/notify/chat-AbCdEf";
    expect(shown(withNotifications(route(`{ teams: { secret: "${arn}" } }`)))).toBe("");
  });

  it("are nobody's where the Fleet says nothing of them", async () => {
    expect((await loaded(`${FLEET}${VAULT}`)).fleet.notifications).toBeUndefined();
  });
});
