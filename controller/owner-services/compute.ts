import type { DescribeInstancesCommandOutput, DescribeVolumesCommandOutput, Instance } from "@aws-sdk/client-ec2";
import { describeInstances, describeVolumes } from "../aws/owner-operations.ts";
import { unless } from "../domain/errors.ts";
import { pages } from "../aws/pages.ts";
import { type Owned, owned } from "./owned.ts";
import { after, arnIn, matches, type OwnerService, toldOf } from "./service.ts";

type ArnOf = (id: string) => string;

const volumesIn = ({ Volumes = [] }: Pick<DescribeVolumesCommandOutput, "Volumes">, arnOf: ArnOf): readonly Owned[] =>
  Volumes.flatMap(({ VolumeId: id, CreateTime: created, Tags: tagList = [], State }) =>
    id === undefined
      ? []
      : [owned(arnOf(id), { created, tagList, idle: State === "available" ? "unattached" : undefined })],
  );

/** EBS. */
export const volume: OwnerService = {
  types: ["EBS"],
  owns: matches(/^arn:[^:]+:ec2:[^:]+:\d{12}:volume\//),
  list: async function* (call, target) {
    for await (const page of pages(describeVolumes.name, (NextToken) =>
      call(describeVolumes, { MaxResults: 500, NextToken }),
    ))
      yield* volumesIn(page, (id) => arnIn("ec2", target, `volume/${id}`));
  },
  read: (call, arn) => toldOf(arn, call(describeVolumes, { VolumeIds: [after(arn, "/")] }), volumesIn),
};

const instancesOf = ({
  Reservations = [],
}: Pick<DescribeInstancesCommandOutput, "Reservations">): readonly Instance[] =>
  Reservations.flatMap(({ Instances = [] }) => Instances);

const isTerminated = ({ State }: Instance): boolean => State?.Name === "terminated";

/** LaunchTime is that of its last start, and tells nothing of when it was made. */
const toInstance = ({ Tags: tagList = [], State }: Instance, arn: string): Owned =>
  owned(arn, { tagList, idle: State?.Name === "stopped" ? "stopped" : undefined });

/** EC2. A terminated instance is still described for about an hour. */
export const instance: OwnerService = {
  types: ["EC2"],
  owns: matches(/^arn:[^:]+:ec2:[^:]+:\d{12}:instance\//),
  list: async function* (call, target) {
    for await (const page of pages(describeInstances.name, (NextToken) =>
      call(describeInstances, { MaxResults: 500, NextToken }),
    ))
      for (const one of instancesOf(page))
        if (one.InstanceId !== undefined && !isTerminated(one))
          yield toInstance(one, arnIn("ec2", target, `instance/${one.InstanceId}`));
  },
  read: async (call, arn) => {
    const answer = await unless("missing", call(describeInstances, { InstanceIds: [after(arn, "/")] }), undefined);
    if (answer === undefined) return undefined;
    const instances = instancesOf(answer);
    if (instances.length > 0 && instances.every(isTerminated)) return undefined;
    const alive = instances.find((one) => !isTerminated(one));
    return alive ? toInstance(alive, arn) : { arn };
  },
};
