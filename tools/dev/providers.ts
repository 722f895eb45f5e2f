import { type Provider, variableOf } from "#core/providers/provider.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import type { FeedFile } from "../simulators/providers/feeds.ts";
import { SECRETS } from "../simulators/providers/mount.ts";

/** So that one sees intraday rates move. */
const TICK_SECONDS = "30";
/** Banxico's simulator and token have names of their own in the stack. */
const OTHERS = PROVIDERS.filter(({ id }) => id !== "banxico");

/** What the simulator of all providers serves. */
export interface SimulatorFiles {
  /** Values of SF43718; without any they are made up. */
  csvFile?: string;
  /** A recorded response of Banxico's that is served too. */
  recordedFile?: string;
  /** Files of other providers. */
  feeds?: readonly FeedFile[];
}

/** The simulator's arguments for files and ticks. */
export function simulatorArgs({ csvFile, recordedFile, feeds = [] }: SimulatorFiles): string[] {
  const args = ["--tick-seconds", TICK_SECONDS];
  if (csvFile !== undefined) args.push("--data", csvFile);
  if (recordedFile !== undefined) args.push("--recorded", recordedFile);
  for (const { provider, file } of feeds) args.push("--feed", `${provider}=${file}`);
  return args;
}

/** Which providers worker and origin have. */
export function listOf(providers: readonly string[]): Record<string, string> {
  return { PROVIDERS: providers.join(",") };
}

/** Where the worker finds the simulated providers, and what opens them. */
export function simulatedVars(simulatorUrl: string, among: readonly string[] = OTHERS.map(({ id }) => id)) {
  const providers = OTHERS.filter(({ id }) => among.includes(id));
  const urls = providers.map(({ id }) => [variableOf(id, "URL"), `${simulatorUrl}/${id}`]);
  const polled = providers.filter(({ everySeconds }) => everySeconds !== undefined);
  const cadences = polled.map(({ id }) => [variableOf(id, "EVERY_SECONDS"), TICK_SECONDS]);
  return {
    ...Object.fromEntries([...urls, ...cadences]),
    ...secretsOf(providers, (id) => (SECRETS as Record<string, string>)[id]),
  };
}

/** The secrets of real providers, as far as an environment has them. */
export function realSecrets(env: NodeJS.ProcessEnv): Record<string, string> {
  return secretsOf(OTHERS, (_, name) => env[name]);
}

function secretsOf(
  providers: readonly Provider[],
  find: (id: string, name: string) => string | undefined,
): Record<string, string> {
  const pairs = providers.flatMap(({ id, secret }) => {
    const value = secret && find(id, secret.name);
    return secret && value ? [[secret.name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}
