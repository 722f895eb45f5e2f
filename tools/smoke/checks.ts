import type { Answer, Probe } from "./probe.ts";

/** What a check found wrong; nothing: it passed. Notes are what could not be checked here. */
export interface Finding {
  problems: string[];
  notes: string[];
}

export interface Check {
  name: string;
  run(probe: Probe, now: Date): Promise<Finding>;
}

const current = "/api/v1/rates/current?base=USD&quote=MXN";
const historical = "/api/v1/rates/historical?days=10";
const average = "/api/v1/rates/average/30d";
const mistake = "/api/v1/rates/current?base=XXX";

const decimal = /^\d+(\.\d+)?$/;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;
/** Two weekends and a bridge between them: the longest that Mexico's banks close. */
const longestPauseDays = 6;
const certificateDays = 7;
/** What a cache answers when it answered itself. */
const fromCache = ["HIT", "STALE", "UPDATING", "REVALIDATED"];
/** Requests may reach different machines of one data centre before each has cached the response. */
const cacheAttempts = 4;

/** The ten requests, in order: some twice where a cache must be warm. */
export const checks: readonly Check[] = [
  {
    name: "plain HTTP is redirected to HTTPS, with TLS 1.2 or newer and a certificate that lasts",
    async run(probe, now) {
      if (probe.local) return noting("TLS and the redirect: there is neither on localhost");
      const found = finding();
      const { protocol, validTo } = await probe.tls();
      expect(found, ["TLSv1.2", "TLSv1.3"].includes(protocol), `speaks ${protocol}`);
      expect(found, daysBetween(now, validTo) >= certificateDays, `certificate ends on ${validTo.toISOString()}`);
      const { status, headers } = await probe.ask("/health", { plain: true });
      expect(found, [301, 308].includes(status), `plain HTTP answers ${status}`);
      expect(found, (headers.get("location") ?? "").startsWith("https://"), "plain HTTP does not lead to https");
      return found;
    },
  },
  {
    name: "/health is fresh, whole and not unhealthy",
    async run(probe) {
      const answer = await probe.ask("/health");
      const found = finding();
      const { body } = json(found, answer, 200);
      expect(found, ["healthy", "degraded"].includes(String(body.status)), `status is ${String(body.status)}`);
      for (const part of ["level", "dependencies", "performance", "freshness"]) {
        expect(found, body[part] !== undefined, `${part} is missing`);
      }
      expect(found, /no-store/.test(answer.headers.get("cache-control") ?? ""), "may be cached");
      return found;
    },
  },
  {
    name: "the current rate is exact, fresh and cacheable",
    async run(probe, now) {
      const answer = await probe.ask(current);
      const found = finding();
      const { body } = json(found, answer, 200);
      expect(
        found,
        decimal.test(String(body.rate)) && typeof body.rate === "string",
        `rate is ${JSON.stringify(body.rate)}`,
      );
      expect(found, body.stale === false, `stale is ${String(body.stale)}`);
      const age = daysBetween(new Date(String(body.date)), now);
      expect(found, age <= longestPauseDays && age > -2, `date is ${String(body.date)}`);
      expect(found, answer.headers.get("etag") !== null, "no ETag");
      expect(found, /max-age=\d+/.test(answer.headers.get("cache-control") ?? ""), "no max-age");
      expect(found, answer.headers.get("access-control-allow-origin") === "*", "other sites cannot read it");
      expect(
        found,
        answer.headers.get("paridad-stale") === null,
        `Paridad-Stale: ${answer.headers.get("paridad-stale")}`,
      );
      return found;
    },
  },
  {
    name: "the current rate, asked again, comes from a cache",
    async run(probe) {
      let status: string | null = null;
      for (let attempt = 0; attempt < cacheAttempts && !fromCache.includes(status ?? ""); attempt++) {
        const { headers } = await probe.ask(current);
        if (probe.local) return noting("cf-cache-status: there is no Cloudflare on localhost");
        status = headers.get("cf-cache-status");
      }
      const found = finding();
      expect(found, fromCache.includes(status ?? ""), `cf-cache-status is ${status}`);
      return found;
    },
  },
  {
    name: "an unchanged answer is not sent twice",
    async run(probe) {
      const found = finding();
      const etag = (await probe.ask(current)).headers.get("etag") ?? "";
      const { status, text } = await probe.ask(current, { headers: { "if-none-match": etag } });
      expect(found, status === 304, `answers ${status} to If-None-Match`);
      expect(found, text === "", "sends a body with 304");
      return found;
    },
  },
  {
    name: "HEAD says what GET says",
    async run(probe) {
      const found = finding();
      const { status, headers, text } = await probe.ask(current, { method: "HEAD" });
      expect(found, status === 200, `answers ${status}`);
      expect(found, headers.get("etag") !== null, "no ETag");
      expect(found, text === "", "has a body");
      return found;
    },
  },
  {
    name: "other sites may ask",
    async run(probe) {
      const found = finding();
      const headers = { origin: "https://example.com", "access-control-request-method": "GET" };
      const answer = await probe.ask(current, { method: "OPTIONS", headers });
      expect(found, answer.status === 204 || answer.status === 200, `answers ${answer.status}`);
      expect(found, answer.headers.get("access-control-allow-origin") === "*", "does not allow every origin");
      return found;
    },
  },
  {
    name: "history ascends, counts right and ends with the current rate's date",
    async run(probe) {
      const found = finding();
      const { body } = json(found, await probe.ask(historical), 200);
      const observations = (Array.isArray(body.observations) ? body.observations : []) as {
        date: string;
        rate: string;
      }[];
      const dates = observations.map(({ date }) => date);
      expect(
        found,
        dates.length > 0 && body.count === dates.length,
        `count is ${String(body.count)} of ${dates.length}`,
      );
      expect(
        found,
        dates.every((date, index) => isoDate.test(date) && date > (dates[index - 1] ?? "")),
        "does not ascend",
      );
      expect(
        found,
        observations.every(({ rate }) => typeof rate === "string" && decimal.test(rate)),
        "a rate is no decimal",
      );
      const latest = json(found, await probe.ask(current), 200).body.date;
      expect(found, dates.at(-1) === latest, `ends on ${dates.at(-1)}, the current rate is of ${String(latest)}`);
      return found;
    },
  },
  {
    name: "the average of 30 days has six decimals",
    async run(probe) {
      const found = finding();
      const { body } = json(found, await probe.ask(average), 200);
      expect(found, /^\d+\.\d{6}$/.test(String(body.average)), `average is ${JSON.stringify(body.average)}`);
      expect(found, Number(body.observations) > 0, `of ${String(body.observations)} observations`);
      return found;
    },
  },
  {
    name: "a mistake is explained, in a form that programs read, and not cached as an answer",
    async run(probe) {
      const found = finding();
      const { headers, text, status } = await probe.ask(mistake);
      expect(found, status === 400, `answers ${status}`);
      expect(found, (headers.get("content-type") ?? "").startsWith("application/problem+json"), "is no problem+json");
      expect(found, /"code"/.test(text), "has no code");
      expect(found, headers.get("access-control-allow-origin") === "*", "other sites cannot read it");
      return found;
    },
  },
];

function finding(): Finding {
  return { problems: [], notes: [] };
}

function noting(note: string): Finding {
  return { problems: [], notes: [note] };
}

function expect(found: Finding, holds: boolean, problem: string): void {
  if (!holds) found.problems.push(problem);
}

function json(found: Finding, answer: Answer, status: number): { body: Record<string, unknown> } {
  expect(found, answer.status === status, `answers ${answer.status}`);
  try {
    return { body: JSON.parse(answer.text) as Record<string, unknown> };
  } catch {
    found.problems.push("is not JSON");
    return { body: {} };
  }
}

function daysBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 86_400_000;
}
