/**
 * Settings of a host, read from its environment. Without Zod: every isolate begins by reading them, and building Zod's
 * schemas for them took longer than all else at its start.
 */

/** Reads one setting; throws InvalidSetting. `given`: what the environment has, undefined if it is not set. */
export type Setting<Value> = (given: unknown) => Value;

/** A value is not what its setting takes. The message says what it must be, and not what it is. */
export class InvalidSetting extends Error {
  override name = "InvalidSetting";
}

type Shape = Readonly<Record<string, Setting<unknown>>>;

/** What the settings of a shape are once read. */
export type ValuesOf<S extends Shape> = { [Name in keyof S]: ReturnType<S[Name]> };

interface Issue {
  path: [name: string];
  message: string;
}

type Read<Values> =
  | { success: true; data: Values; error?: undefined }
  | { success: false; data?: undefined; error: { issues: Issue[] } };

/** A host's settings by name. */
export class Settings<S extends Shape> {
  readonly shape: S;

  constructor(shape: S) {
    this.shape = shape;
  }

  /** Reads those of the shape, and names each that is wrong. */
  safeParse(environment: Readonly<Record<string, unknown>>): Read<ValuesOf<S>> {
    const values: Record<string, unknown> = {};
    const issues: Issue[] = [];
    for (const [name, setting] of Object.entries(this.shape)) {
      try {
        const value = setting(environment[name]);
        if (value !== undefined) values[name] = value;
      } catch (error) {
        if (!(error instanceof InvalidSetting)) throw error;
        issues.push({ path: [name], message: error.message });
      }
    }
    if (issues.length > 0) return { success: false, error: { issues } };
    return { success: true, data: values as ValuesOf<S> };
  }

  /** The same; throws Error naming what is wrong. */
  parse(environment: Readonly<Record<string, unknown>>): ValuesOf<S> {
    const { data, error } = this.safeParse(environment);
    if (error !== undefined)
      throw new Error(error.issues.map(({ path: [name], message }) => `${name} ${message}`).join("; "));
    return data;
  }
}

/** A setting that may be left out. */
export function orDefault<Value, Default>(setting: Setting<Value>, fallback: Default): Setting<Value | Default> {
  return (given) => (given === undefined ? fallback : setting(given));
}

export function optional<Value>(setting: Setting<Value>): Setting<Value | undefined> {
  return orDefault(setting, undefined);
}

export function whole(min: number, max: number, unit = ""): Setting<number> {
  return numeric(
    (number) => Number.isSafeInteger(number) && number >= min && number <= max,
    `must be a whole number${unit} from ${min} to ${max}`,
  );
}

export function decimal(min: number, max: number): Setting<number> {
  return numeric((number) => number >= min && number <= max, `must be a number from ${min} to ${max}`);
}

/** A number that `isValid`, which is false of NaN. */
export function numeric(isValid: (number: number) => boolean, rule: string): Setting<number> {
  return (given) => {
    const number = Number(given);
    if (given === undefined || !isValid(number)) throw new InvalidSetting(rule);
    return number;
  };
}

/** A text that `parse` understands; its result is undefined for any other. */
export function text<Value>(parse: (text: string) => Value | undefined, rule: string): Setting<Value> {
  return (given) => {
    const value = typeof given === "string" ? parse(given) : undefined;
    if (value === undefined) throw new InvalidSetting(rule);
    return value;
  };
}

/** An object of the host that `isValid`. */
export function binding<Value>(isValid: (given: Partial<Value>) => boolean, rule: string): Setting<Value> {
  return (given) => {
    if (typeof given !== "object" || given === null || !isValid(given as Partial<Value>))
      throw new InvalidSetting(rule);
    return given as Value;
  };
}
