import { nodePrimitives } from "../../verifier/node.ts";
import type { ReportFile } from "../../verifier/report.ts";
import type { Verification } from "../../verifier/verification.ts";
import { verifyChain as verify } from "../../verifier/verify.ts";
import type { VerifyOptions } from "../../verifier/walk.ts";
import type { Keys } from "../sealing/keys.ts";

/** The verifier that every evidence pack carries, run by this Node. */
export const verifyChain = (
  files: Iterable<ReportFile> | AsyncIterable<ReportFile>,
  keys: Keys,
  options: VerifyOptions = {},
): Promise<Verification> => verify(files, keys, options, nodePrimitives);
