/** What the service said, and what is known of the answer it said it in. */
type Options = Readonly<Record<string, unknown>>;
type ErrorClass = new (options: Options) => object;

/**
 * Makes error classes as the SDK generates them, one by one and at length: of that name and fault, with those members of the service's
 * answer. The class bears its name as well, by which `instanceof` tells errors of two copies of an SDK.
 */
export const faults =
  (Base: ErrorClass, $fault: string) =>
  (name: string, members: readonly string[] = [], $retryable?: object): ErrorClass => {
    class Fault extends Base {
      constructor(options: Options) {
        super({ name, $fault, ...options });
        Object.setPrototypeOf(this, Fault.prototype);
        const given = members.map((member) => [member, options[member]] as const);
        const retryable = $retryable && { $retryable: { ...$retryable } };
        Object.assign(this, { name, $fault }, retryable, Object.fromEntries(given));
      }
    }
    return Object.defineProperty(Fault, "name", { value: name });
  };
