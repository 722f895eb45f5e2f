import { z } from "zod";
import { DEFAULT_PROVIDER } from "#core/providers/catalogue.ts";
import { type Provider, variableOf } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";

/** What the environment says of providers: `{ID}_URL`, which has a default, and each one's secret under its own name. */
export interface Source {
  provider: Provider;
  /** Base URL, without a slash at its end. */
  url: string;
  secret: string | undefined;
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

const optionalUrl = url.optional();
const requiredSecret = secret(8);
const optionalSecret = requiredSecret.optional();

/** The variables of all providers. Without the default provider's secret nothing starts; another's switches only that one off. */
export function variablesOf(ingested: readonly Provider[]): Record<string, z.ZodType> {
  const variables: Record<string, z.ZodType> = {};
  for (const provider of PROVIDERS) {
    const { id, secret: wanted } = provider;
    variables[variableOf(id, "URL")] = optionalUrl;
    if (wanted === undefined) continue;
    const isNeeded = wanted.isRequired && id === DEFAULT_PROVIDER && ingested.some((one) => one.id === id);
    variables[wanted.name] = isNeeded ? requiredSecret : optionalSecret;
  }
  return variables;
}

/** The providers that are ingested, as a valid environment has them. */
export function sourcesIn(env: object, ingested: readonly Provider[]): Source[] {
  const given = env as Readonly<Record<string, string | undefined>>;
  return ingested.map((provider) => {
    const { id, secret: wanted, url: usualUrl } = provider;
    const own = wanted && given[wanted.name];
    const defaultUrl = own === undefined ? usualUrl : (wanted?.url ?? usualUrl);
    return {
      provider,
      url: given[variableOf(id, "URL")] ?? defaultUrl,
      secret: own,
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
