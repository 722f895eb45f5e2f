import { signal } from "@preact/signals-core";
import { RequestFailure } from "./api.ts";
import { words } from "./reader.ts";

/** What came of the reader's last action. */
export const notice = signal<{ text: string; isProblem: boolean } | undefined>(undefined);

/** Does something, and says what came of it. Returns whether it succeeded. */
export async function attempt(work: () => Promise<string>): Promise<boolean> {
  try {
    notice.value = { text: await work(), isProblem: false };
    return true;
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    notice.value = { text: reasonOf(error), isProblem: true };
    return false;
  }
}

/** Why a request failed, parameter by parameter where the server says so. */
export function reasonOf({ problem }: RequestFailure): string {
  if (!problem) return words("common").noResponse;
  const parts = problem.errors?.map(({ parameter, detail }) => `${parameter}: ${detail}`);
  return parts?.join("; ") ?? problem.detail;
}
