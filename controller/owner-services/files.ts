import type {
  DescribeFileSystemsCommandOutput as FsxFileSystems,
  DescribeVolumesCommandOutput as FsxVolumes,
} from "@aws-sdk/client-fsx";
import type { DescribeFileSystemsCommandOutput as EfsFileSystems } from "@aws-sdk/client-efs";
import { describeEfsFileSystems, describeFsxFileSystems, describeFsxVolumes } from "../aws/owner-operations.ts";
import { markedPages, pages } from "../aws/pages.ts";
import { type Owned, owned } from "./owned.ts";
import { after, arnIn, daysOrNone, matches, type OwnerService, toldOf } from "./service.ts";

type ArnOf = (id: string) => string;

const efsIn = ({ FileSystems = [] }: Pick<EfsFileSystems, "FileSystems">, arnOf: ArnOf): readonly Owned[] =>
  FileSystems.flatMap(({ FileSystemId: id, CreationTime: created, Tags: tagList }) =>
    id === undefined ? [] : [owned(arnOf(id), { created, tagList })],
  );

/** EFS. */
export const fileSystem: OwnerService = {
  types: ["EFS"],
  owns: matches(/^arn:[^:]+:elasticfilesystem:[^:]+:\d{12}:file-system\//),
  list: async function* (call, target) {
    for await (const page of markedPages(describeEfsFileSystems.name, async (Marker) => {
      const answer = await call(describeEfsFileSystems, { MaxItems: 100, Marker });
      return { ...answer, Marker: answer.NextMarker };
    }))
      yield* efsIn(page, (id) => arnIn("elasticfilesystem", target, `file-system/${id}`));
  },
  read: (call, arn) => toldOf(arn, call(describeEfsFileSystems, { FileSystemId: after(arn, "/") }), efsIn),
};

const fsxIn = ({ FileSystems = [] }: Pick<FsxFileSystems, "FileSystems">, arnOf: ArnOf): readonly Owned[] =>
  FileSystems.flatMap(({ FileSystemId: id, CreationTime: created, Tags: tagList, ...system }) =>
    id === undefined
      ? []
      : [
          owned(arnOf(id), {
            created,
            tagList,
            ownBackupDays: daysOrNone(
              (system.WindowsConfiguration ?? system.LustreConfiguration ?? system.OpenZFSConfiguration)
                ?.AutomaticBackupRetentionDays,
            ),
            coveredBy: system.FileSystemType === "ONTAP" ? "its volumes" : undefined,
          }),
        ],
  );

/** FSx, but for ONTAP, whose volumes are backed up. */
export const fsxFileSystem: OwnerService = {
  types: ["FSx"],
  mayBeCovered: true,
  owns: matches(/^arn:[^:]+:fsx:[^:]+:\d{12}:file-system\//),
  list: async function* (call, target) {
    for await (const page of pages(describeFsxFileSystems.name, (NextToken) =>
      call(describeFsxFileSystems, { NextToken }),
    ))
      yield* fsxIn(page, (id) => arnIn("fsx", target, `file-system/${id}`));
  },
  read: (call, arn) => toldOf(arn, call(describeFsxFileSystems, { FileSystemIds: [after(arn, "/")] }), fsxIn),
};

/** By `FILE-SYSTEM/VOLUME`, as their ARNs name them. */
const fsxVolumesIn = ({ Volumes = [] }: Pick<FsxVolumes, "Volumes">, arnOf: ArnOf): readonly Owned[] =>
  Volumes.flatMap(({ FileSystemId, VolumeId, VolumeType, CreationTime: created, Tags: tagList }) =>
    FileSystemId === undefined || VolumeId === undefined
      ? []
      : [
          owned(arnOf(`${FileSystemId}/${VolumeId}`), {
            created,
            tagList,
            coveredBy: VolumeType === "OPENZFS" ? "its file system" : undefined,
          }),
        ],
  );

/** ONTAP's volumes, and those of OpenZFS, whose file systems are backed up. */
export const fsxVolume: OwnerService = {
  types: ["FSx"],
  mayBeCovered: true,
  owns: matches(/^arn:[^:]+:fsx:[^:]+:\d{12}:volume\//),
  list: async function* (call, target) {
    for await (const page of pages(describeFsxVolumes.name, (NextToken) => call(describeFsxVolumes, { NextToken })))
      yield* fsxVolumesIn(page, (id) => arnIn("fsx", target, `volume/${id}`));
  },
  read: (call, arn) => toldOf(arn, call(describeFsxVolumes, { VolumeIds: [after(arn, "/")] }), fsxVolumesIn),
};
