/** A process of its own: the simulator with an account of so many resources, whose answers are kept and whose calls are counted. */
import { type Ask, serve } from "../serve.ts";
import { KeptAnswers } from "./kept-answers.ts";
import { KeptTags } from "./kept-tags.ts";
import { wideAccount } from "./scene.ts";

const kept = new KeptAnswers();
const tags = new KeptTags();

const asking =
  (simulated: Ask): Ask =>
  (question) =>
    question.headers["x-amz-target"] === "ResourceGroupsTaggingAPI_20170126.GetResources"
      ? tags.answer(question, simulated)
      : simulated(question);

await serve(wideAccount(Number(process.argv[2])), {
  answer: (question, simulated) => kept.answer(question, asking(simulated)),
  told: () => kept.told(),
});
