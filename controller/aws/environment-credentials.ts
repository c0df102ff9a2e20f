/**
 * Stands in for `@aws-sdk/credential-provider-node` in the Lambda bundle, where credentials only ever come from the
 * environment: profiles, single sign-on and metadata services cost a hundred kilobytes that no function needs.
 */

interface EnvironmentIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Of the same shape as the package's own. Lambda renews its credentials with the environment itself, so nothing is kept. */
export const defaultProvider =
  (_init?: object): (() => Promise<EnvironmentIdentity>) =>
  () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      const message = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set";
      return Promise.reject(Object.assign(new Error(message), { name: "CredentialsProviderError" }));
    }
    return Promise.resolve({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    });
  };
