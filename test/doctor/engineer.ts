/** The person whom infra/policies/doctor.json is for, in an installation. */
import { bindPolicy, type PolicyDocument } from "../../infra/policy-document.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import { BUCKETS, HOME, HUB, type Installed } from "./scene.ts";

/** Its open names put in, those of the durable engine too: where there is none, nothing is called so. */
export function doctorsPolicy({ simulator }: Installed): PolicyDocument {
  const { functions, mappings, queues, schedules, alarms } = simulator.platform(HUB, HOME.region);
  const [schedule] = schedules.values();
  const [mapping] = mappings.values();
  const deadMan = [...alarms.values()].find(({ missingData }) => missingData === "breaching");
  const functionArn = (entry: string): string => {
    const name = [...functions.values()].find(({ handler }) => handler === `${entry}.handler`)?.name ?? "none";
    return `arn:aws:lambda:${HOME.region}:${HUB}:function:${name}`;
  };
  return bindPolicy(reviewedPolicy("doctor"), {
    "AWS::Partition": "aws",
    "AWS::AccountId": HUB,
    DesiredBucket: `arn:aws:s3:::${BUCKETS.DesiredState}`,
    EvidenceBucket: `arn:aws:s3:::${BUCKETS.Evidence}`,
    WorkBucket: `arn:aws:s3:::${BUCKETS.Work}`,
    Controller: functionArn("handler"),
    Coordinator: functionArn("coordinator"),
    Worker: functionArn("worker"),
    Topic: deadMan!.actions[0]!,
    FailureQueue: schedule!.target.deadLetterArn!,
    Events: functionArn("events"),
    EventsQueue: mapping!.queueArn,
    LostEvents: queues.get(mapping!.queueArn.split(":").at(-1)!)!.redrive!.deadLetterArn,
  });
}
