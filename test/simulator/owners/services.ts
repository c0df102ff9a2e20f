/** The services that own what is backed up, by SigV4 signing name, and IAM, which owns the roles that do it. */
import * as DynamoDB from "@aws-sdk/client-dynamodb";
import * as Ec2 from "@aws-sdk/client-ec2";
import * as Efs from "@aws-sdk/client-efs";
import * as Fsx from "@aws-sdk/client-fsx";
import * as Iam from "@aws-sdk/client-iam";
import * as Rds from "@aws-sdk/client-rds";
import * as Redshift from "@aws-sdk/client-redshift";
import { dynamodbDialect, ec2Dialect, efsDialect, fsxDialect, queryDialect, stsDialect } from "../dialect.ts";
import type { Caller, Service } from "../services.ts";
import { awsQuery } from "../wire/aws-query.ts";
import { ec2Query } from "../wire/ec2-query.ts";
import { jsonRpc } from "../wire/json-rpc.ts";
import { readModel } from "../wire/model.ts";
import { restJson } from "../wire/rest-json.ts";
import type { World } from "../world.ts";
import type { OwnerState } from "./context.ts";
import { dynamodbHandlers } from "./dynamodb.ts";
import { ec2Handlers } from "./ec2.ts";
import { efsHandlers } from "./efs.ts";
import { fsxHandlers } from "./fsx.ts";
import { iamHandlers } from "./iam.ts";
import { ec2Needs, fsxNeeds, iamNeeds, rdsNeeds, readNeeds, redshiftNeeds } from "./needs.ts";
import { rdsHandlers } from "./rds.ts";
import { redshiftHandlers } from "./redshift.ts";

/** The caller's account and Region were found to exist before a service is asked. */
function ownerState({ world, account, region }: Caller): OwnerState {
  const backup = world.backup(account, region);
  const compute = world.compute(account, region);
  if (backup === undefined || compute === undefined) {
    throw new Error("a call reached an account or Region that does not exist");
  }
  return { world, backup, compute, resources: world.resources(account, region) };
}

const regional = { global: false, stateFor: ownerState } as const;

const ec2: Service<OwnerState> = {
  ...regional,
  protocol: ec2Query(readModel(Ec2), "http://ec2.amazonaws.com/doc/2016-11-15/"),
  dialect: ec2Dialect,
  handlers: ec2Handlers,
  needs: ec2Needs,
};

const rds: Service<OwnerState> = {
  ...regional,
  protocol: awsQuery(readModel(Rds), "http://rds.amazonaws.com/doc/2014-10-31/"),
  dialect: queryDialect,
  handlers: rdsHandlers,
  needs: rdsNeeds,
};

const dynamodb: Service<OwnerState> = {
  ...regional,
  protocol: jsonRpc(readModel(DynamoDB), "DynamoDB_20120810", "1.0"),
  dialect: dynamodbDialect,
  handlers: dynamodbHandlers,
  needs: readNeeds("dynamodb"),
};

const elasticfilesystem: Service<OwnerState> = {
  ...regional,
  protocol: restJson(readModel(Efs), {
    absent: "omit",
    errorBody: ({ message, fields }) => ({ ...fields, Message: message }),
  }),
  dialect: efsDialect,
  handlers: efsHandlers,
  needs: readNeeds("elasticfilesystem"),
};

const fsx: Service<OwnerState> = {
  ...regional,
  protocol: jsonRpc(readModel(Fsx), "AWSSimbaAPIService_v20180301"),
  dialect: fsxDialect,
  handlers: fsxHandlers,
  needs: fsxNeeds,
};

const redshift: Service<OwnerState> = {
  ...regional,
  protocol: awsQuery(readModel(Redshift), "http://redshift.amazonaws.com/doc/2012-12-01/"),
  dialect: queryDialect,
  handlers: redshiftHandlers,
  needs: redshiftNeeds,
};

const iam: Service<World> = {
  protocol: awsQuery(readModel(Iam), "https://iam.amazonaws.com/doc/2010-05-08/"),
  dialect: stsDialect,
  handlers: iamHandlers,
  global: true,
  stateFor: ({ world }) => world,
  needs: iamNeeds,
};

export const ownerServices = { ec2, rds, dynamodb, elasticfilesystem, fsx, redshift, iam } as const;
