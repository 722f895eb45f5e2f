/** A host's environment is not complete. The message names what is wrong, and no value. */
export class InvalidEnv extends Error {
  override name = "InvalidEnv";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the environment is not valid:\n  ${faults.join("\n  ")}`);
    this.faults = faults;
  }
}
