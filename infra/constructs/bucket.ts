/* oxlint-disable no-new -- a construct joins its scope by being made */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  CfnBucketPolicy,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { policyDocument, type Statement } from "../policy-document.ts";

/** What every bucket here is: private, encrypted, owned by its account alone, kept when the stack goes. */
const PRIVATE: BucketProps = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  encryption: BucketEncryption.S3_MANAGED,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** A bucket whose whole policy is written here: CDK's grants give more than is asked for. */
export class PrivateBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BucketProps, statementsFor: (arn: string) => readonly Statement[]) {
    super(scope, id);
    const bucket = new Bucket(this, "Bucket", { ...PRIVATE, ...props });
    this.name = bucket.bucketName;
    this.arn = bucket.bucketArn;
    new CfnBucketPolicy(this, "Policy", {
      bucket: this.name,
      policyDocument: policyDocument([refuseUnencrypted(this.arn), ...statementsFor(this.arn)]),
    }).applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  /** Has S3 write down who asked for what. CDK's own way would write into the other bucket's policy. */
  logTo(bucket: string, prefix: string): void {
    const own = this.node.findChild("Bucket").node.defaultChild;
    if (!(own instanceof CfnBucket)) throw new TypeError("a bucket of CDK's is not made of CloudFormation's");
    own.loggingConfiguration = { destinationBucketName: bucket, logFilePrefix: prefix };
  }
}

const refuseUnencrypted = (bucket: string): Statement => ({
  Sid: "RefuseUnencrypted",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:*"],
  Resource: [bucket, `${bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": false } },
});
