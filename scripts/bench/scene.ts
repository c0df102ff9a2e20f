import { HUB, IRELAND } from "../../test/support/universe.ts";

/** The vault that is backed up to, in every scene. */
export const VAULT = "nightly";

/** The manifest of the fleet that is measured: one account and Region, looked at and never changed. */
export const FLEET = `
apiVersion: holdfast/v1
kind: Fleet
metadata: { name: bench }
spec:
  access: ambient
  accounts: { ids: ["${HUB}"] }
  regions: [${IRELAND}]
  management: observe
  groups:
    all: { accounts: { ids: ["${HUB}"] } }
`;
