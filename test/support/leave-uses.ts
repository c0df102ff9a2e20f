/** Of every test file, once it is over: what it used the templates' roles for. */
import { afterAll, expect } from "vitest";
import { leaveUses } from "./ledger.ts";

afterAll(() => leaveUses(expect.getState().testPath ?? ""));
