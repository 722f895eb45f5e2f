import { duration, fromOneTo } from "#core/ops/policy.ts";
import { InvalidSetting, optional, type Setting, text, whole } from "#core/ops/settings.ts";
import { DEFAULT_PROVIDER } from "#core/providers/catalogue.ts";
import { type Provider, variableOf } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { MIN_EVERY_SECONDS } from "#core/rates/ticks.ts";

const DAY_SECONDS = 86_400;

/** What the environment says of providers: `{ID}_URL` and `{ID}_REQUESTS_PER_DAY`, say, and secrets under their own names. */
export interface Source {
  /** With the budget that the environment sets. */
  provider: Provider;
  /** Base URL, without a slash at its end. */
  url: string;
  secret: string | undefined;
  /** How long a request may take; undefined: the usual time. */
  deadlineMs: number | undefined;
  /** Whether it has the secret that it needs. */
  isUsable: boolean;
}

export const url = text((given) => {
  const trimmed = given.trim();
  return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? trimmed.replace(/\/+$/, "") : undefined;
}, "must be an http(s) URL");

export const secret = (minLength: number) => {
  const printable = text(
    (given) => (/^[\x21-\x7e]+$/.test(given) ? given : undefined),
    "must be printable, without blanks",
  );
  return (given: unknown) => {
    if (typeof given !== "string" || given.length < minLength)
      throw new InvalidSetting(`must have at least ${minLength} characters`);
    return printable(given);
  };
};

/** The settings that every provider has. */
const SETTINGS = {
  URL: optional(url),
  DEADLINE_MS: optional(duration),
  REQUESTS_PER_DAY: optional(fromOneTo(10_000)),
  REQUESTS_PER_5_MIN: optional(fromOneTo(200)),
};
/** Those of providers that may be polled for ticks. */
const POLLED_SETTINGS = {
  EVERY_SECONDS: optional(whole(MIN_EVERY_SECONDS, DAY_SECONDS)),
  TRACKED: optional(
    text(
      (given) => (/^[A-Z]{3}(,[A-Z]{3})*$/.test(given) ? given.split(",") : undefined),
      "must be codes of currencies, as EUR,JPY",
    ),
  ),
};
const requiredSecret = secret(8);
const optionalSecret = optional(requiredSecret);

/** What the simulators take: no bank knows it. */
export const LOCAL_PROVIDER_SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  PROVIDERS.flatMap(({ id, secret: wanted }) =>
    wanted !== undefined && id === DEFAULT_PROVIDER ? [[wanted.name, "0".repeat(64)]] : [],
  ),
);

/** The variables of all providers. Without the default provider's secret nothing starts; another's switches only that one off. */
export function variablesOf(ingested: readonly Provider[]): Record<string, Setting<unknown>> {
  const variables: Record<string, Setting<unknown>> = {};
  for (const provider of PROVIDERS) {
    const { id, secret: wanted } = provider;
    for (const [setting, schema] of Object.entries(SETTINGS)) variables[variableOf(id, setting)] = schema;
    if (provider.everySeconds !== undefined)
      for (const [setting, schema] of Object.entries(POLLED_SETTINGS)) variables[variableOf(id, setting)] = schema;
    if (wanted === undefined) continue;
    const isNeeded = wanted.isRequired && id === DEFAULT_PROVIDER && ingested.some((one) => one.id === id);
    variables[wanted.name] = isNeeded ? requiredSecret : optionalSecret;
  }
  return variables;
}

/** The providers that are ingested, as a valid environment has them. */
export function sourcesIn(env: object, ingested: readonly Provider[]): Source[] {
  return ingested.map((provider) => {
    const { id, secret: wanted, url: usualUrl, budget } = provider;
    const textOf = (name: string) => (env as Readonly<Record<string, string | undefined>>)[name];
    const settingOf = <T>(setting: string) => (env as Readonly<Record<string, T | undefined>>)[variableOf(id, setting)];
    const numberOf = (setting: string) => settingOf<number>(setting);
    const everySeconds = numberOf("EVERY_SECONDS") ?? provider.everySeconds;
    const tracked = settingOf<string[]>("TRACKED") ?? provider.tracked;
    const own = wanted && textOf(wanted.name);
    const defaultUrl = own === undefined ? usualUrl : (wanted?.url ?? usualUrl);
    const perDay = numberOf("REQUESTS_PER_DAY") ?? budget.perDay;
    const perFiveMinutes = numberOf("REQUESTS_PER_5_MIN") ?? budget.perFiveMinutes;
    return {
      provider: {
        ...provider,
        budget: { perDay, perFiveMinutes },
        ...(everySeconds !== undefined && { everySeconds }),
        ...(tracked !== undefined && { tracked }),
      },
      url: textOf(variableOf(id, "URL")) ?? defaultUrl,
      secret: own,
      deadlineMs: numberOf("DEADLINE_MS"),
      isUsable: own !== undefined || wanted?.isRequired !== true,
    };
  });
}

/** Everything of a source that must never be seen: some secrets are sent in parts. */
export function secretsOf({ provider, secret: own }: Source): string[] {
  if (own === undefined) return [];
  const { query = {} } = provider.secret?.place(own) ?? {};
  return [own, ...Object.values(query).filter((part) => part.length > 3)];
}
