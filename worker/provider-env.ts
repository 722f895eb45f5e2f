import { z } from "zod";
import { duration, fromOneTo, whole } from "#core/ops/policy.ts";
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

export const url = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
  .transform((text) => text.replace(/\/+$/, ""));

export const secret = (minLength: number) =>
  z
    .string()
    .min(minLength, `must have at least ${minLength} characters`)
    .regex(/^[\x21-\x7e]+$/, "must be printable, without blanks");

/** The settings that every provider has. */
const SETTINGS = {
  URL: url.optional(),
  DEADLINE_MS: duration.optional(),
  REQUESTS_PER_DAY: fromOneTo(10_000).optional(),
  REQUESTS_PER_5_MIN: fromOneTo(200).optional(),
};
/** Those of providers that may be polled for ticks. */
const POLLED_SETTINGS = {
  EVERY_SECONDS: whole(MIN_EVERY_SECONDS, DAY_SECONDS).optional(),
  TRACKED: z
    .string()
    .regex(/^[A-Z]{3}(,[A-Z]{3})*$/, "must be codes of currencies, as EUR,JPY")
    .transform((text) => text.split(","))
    .optional(),
};
const requiredSecret = secret(8);
const optionalSecret = requiredSecret.optional();

/** What the simulators take: no bank knows it. */
export const LOCAL_PROVIDER_SECRETS: Readonly<Record<string, string>> = Object.fromEntries(
  PROVIDERS.flatMap(({ id, secret: wanted }) =>
    wanted !== undefined && id === DEFAULT_PROVIDER ? [[wanted.name, "0".repeat(64)]] : [],
  ),
);

/** The variables of all providers. Without the default provider's secret nothing starts; another's switches only that one off. */
export function variablesOf(ingested: readonly Provider[]): Record<string, z.ZodType> {
  const variables: Record<string, z.ZodType> = {};
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
