/** What can be wrong with the secrets that people are told by, and with what restores are validated by, one thing at a time. */
import { changed, secretNamed, secretVersion, type Row } from "./breaking.ts";
import { SECRETS, VALIDATOR } from "./desired.ts";
import { HUB, IRELAND, SHOP } from "./scene.ts";

const YEAR_MS = 365 * 86_400_000;

export const TOLD_BREAKAGES: readonly Row[] = [
  {
    because: "a route whose secret is gone tells nobody",
    breaks: (w) => {
      const { secrets } = w.simulator.secrets(HUB, IRELAND);
      const secret = secretNamed(w, SECRETS.oncall);
      secrets.delete(secret.arn);
      return () => void secrets.set(secret.arn, secret);
    },
    check: "route.secret",
    health: "wrong",
    says: /^the secret holdfast\/notify\/oncall is not there, or the controller's role may not read it$/,
    fix: /describe-secret --secret-id holdfast\/notify\/oncall/,
  },
  {
    because: "an empty secret leads nowhere",
    breaks: (w) => changed(secretVersion(w, SECRETS.oncall), { value: "" }),
    check: "route.secret",
    health: "wrong",
    says: /is empty$/,
    fix: /put-secret-value --secret-id holdfast\/notify\/oncall/,
  },
  {
    because: "nothing is posted but to https, and nothing of what else is there is told",
    breaks: (w) => changed(secretVersion(w, SECRETS.oncall), { value: "http://chat.example.com/hook" }),
    check: "route.secret",
    health: "wrong",
    says: /^the secret holdfast\/notify\/oncall holds no https address$/,
    fix: /put-secret-value --secret-id holdfast\/notify\/oncall --secret-string file:\/\/FILE$/,
  },
  {
    because: "a short key proves nothing",
    breaks: (w) => changed(secretVersion(w, SECRETS.audit), { value: "c2hvcnQ=" }),
    check: "route.secret",
    health: "wrong",
    says: /^the secret holdfast\/notify\/audit holds no key of 24 to 64 bytes/,
    fix: /put-secret-value/,
  },
  {
    because: "what the controller may not read it cannot be told by",
    breaks: (w) =>
      changed(secretNamed(w, SECRETS.audit), {
        policy: {
          Statement: { Effect: "Deny", Principal: "*", Action: "secretsmanager:GetSecretValue", Resource: "*" },
        },
      }),
    check: "route.secret",
    health: "wrong",
    says: /^the secret holdfast\/notify\/audit is not there, or the controller's role may not read it$/,
    fix: /no policy of its own may refuse the role/,
  },
  {
    because: "an address that many have seen is anybody's",
    breaks: (w) =>
      changed(secretVersion(w, SECRETS.oncall), { created: new Date(w.simulator.clock.now().getTime() - 2 * YEAR_MS) }),
    check: "route.age",
    health: "warn",
    says: /has been the same for 730 days$/,
    fix: /put-secret-value/,
  },
  {
    because: "a validator that is not there validates nothing",
    breaks: ({ simulator }) => {
      const { aliases } = simulator.platform(SHOP, IRELAND).functions.get(VALIDATOR)!;
      aliases.delete("live");
      return () => void aliases.set("live", "1");
    },
    check: "validator.exists",
    health: "wrong",
    says: /no such function/,
    fix: /VALIDATORS\.md/,
    place: `${SHOP}/${IRELAND}`,
  },
  {
    because: "and neither does one that answers nobody",
    breaks: ({ simulator }) =>
      changed(simulator.platform(SHOP, IRELAND).functions.get(VALIDATOR)!, { state: "Failed" }),
    check: "validator.exists",
    health: "wrong",
    says: /^its state is Failed$/,
    fix: /get-function-configuration --region eu-west-1 --function-name arn:/,
    place: `${SHOP}/${IRELAND}`,
  },
];
