import { Scroll } from "../components/fields.tsx";
import { Frame, Sources, start } from "../components/frame.tsx";
import { Objectives } from "../components/objectives.tsx";
import { PublishedDays } from "../components/published-days.tsx";
import { apiPath, HEALTH, type Health, type Providers } from "../lib/api.ts";
import { Feed } from "../lib/feed.ts";
import { keepCurrent, wakeAfterNews } from "../lib/feeds.ts";
import { percent, showDate, showTime } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { listen } from "../lib/live.ts";
import { language, words } from "../lib/reader.ts";

const health = new Feed<Health>(HEALTH);
const providers = new Feed<Providers>(apiPath("/providers"));

function Status() {
  const text = words("status");
  const found = health.data;
  const published = providers.data?.providers.filter(({ freshness }) => freshness !== null) ?? [];
  const atMs = health.received.value?.atMs;
  return (
    <Frame path="/status" title={text.title} footer={<Sources providers={providers.data} />}>
      <h1>{text.title}</h1>
      {found && (
        <p class={`level ${found.level}`} role="status">
          {text.levels[found.level]}
        </p>
      )}
      <p class="note">
        {atMs !== undefined && fill(words("common").updated, { time: showTime(atMs, language.value, true) })}
      </p>
      <div class="grid">
        {found && <Service health={found} />}
        {found && <Objectives performance={found.performance} />}
        {found && <ProviderTable health={found} providers={published} />}
        <section class="card" aria-labelledby="days">
          <h2 id="days">{text.days}</h2>
          <p class="note">{text.daysNote}</p>
          {published.map((provider) => (
            <PublishedDays key={provider.id} provider={provider} />
          ))}
        </section>
        {found && <SeriesTable health={found} />}
      </div>
    </Frame>
  );
}

function Service({ health }: { health: Health }) {
  const { performance, dead_letters, dependencies, settlement_check, series, release } = health;
  const text = words("status");
  const { response_time_p95: p95, cache_hit_ratio: hits } = performance;
  const figures = [
    [text.p95, p95 === null ? text.none : `${p95} ms`],
    [text.hitRatio, hits === null ? text.none : percent(hits, 1)],
    [text.deadLetters, dead_letters ?? text.none],
    [text.quarantine, series.reduce((sum, { waiting }) => sum + waiting, 0)],
    [text.release, release ?? text.none],
  ] as const;
  const states = [
    [text.database, dependencies.database],
    [text.redis, dependencies.redis],
    [text.banxico, dependencies.banxico_api],
    [text.breaker, dependencies.circuit_breaker],
    [text.settlementCheck, settlement_check],
  ] as const;
  return (
    <section class="card" aria-labelledby="service">
      <h2 id="service">{text.service}</h2>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {states.map(([name, state]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <State of={state} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="note">{text.measured}</p>
    </section>
  );
}

const GOOD = new Set(["healthy", "current", "closed", "agrees"]);
const BAD = new Set(["unhealthy", "missing", "open", "differs"]);

/** A state in words, with a mark whose shape says the same as its colour. */
function State({ of }: { of: string }) {
  return (
    <span class={`state ${GOOD.has(of) ? "good" : BAD.has(of) ? "bad" : of === "unknown" ? "unknown" : "warn"}`}>
      {words("status").states[of] ?? of}
    </span>
  );
}

function ProviderTable({ health, providers }: { health: Health; providers: Providers["providers"] }) {
  const text = words("status");
  const known = new Map(providers.map((provider) => [provider.id, provider]));
  return (
    <section class="card" aria-labelledby="providers">
      <h2 id="providers">{text.providers}</h2>
      <Scroll name={text.providers}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.provider}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.expected}</th>
              <th scope="col">{text.latest}</th>
              <th scope="col" class="number">
                {text.missed}
              </th>
              <th scope="col" class="number">
                {text.seriesBehind}
              </th>
              <th scope="col">{text.breaker}</th>
              <th scope="col">{text.publishes}</th>
            </tr>
          </thead>
          <tbody>
            {health.providers.map((one) => {
              const provider = known.get(one.id);
              return (
                <tr key={one.id}>
                  <th scope="row">{provider?.name[language.value] ?? one.id}</th>
                  <td>
                    <State of={one.state} />
                  </td>
                  <td>{showDate(one.expected, language.value)}</td>
                  <td>{one.latest ? showDate(one.latest, language.value) : text.none}</td>
                  <td class="number">{one.publishes_missed ?? text.none}</td>
                  <td class="number">{one.series_behind + one.series_missing}</td>
                  <td>
                    <State of={one.circuit_breaker} />
                  </td>
                  <td>
                    {provider?.published_at &&
                      fill(text.at, {
                        time: provider.published_at,
                        zone: provider.time_zone?.replace(/^.*[/]/, "").replace("_", " ") ?? "",
                      })}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function SeriesTable({ health: { series } }: { health: Health }) {
  const text = words("status");
  return (
    <section class="card" aria-labelledby="series">
      <h2 id="series">{text.series}</h2>
      <Scroll name={text.series}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.seriesId}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.latest}</th>
              <th scope="col" class="number">
                {text.missed}
              </th>
              <th scope="col" class="number">
                {text.waiting}
              </th>
            </tr>
          </thead>
          <tbody>
            {series.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.id}</th>
                <td>
                  <State of={one.state} />
                </td>
                <td>{one.latest ? showDate(one.latest, language.value) : text.none}</td>
                <td class="number">{one.publishes_missed ?? text.none}</td>
                <td class="number">{one.waiting}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

keepCurrent([health, providers] as Feed<unknown>[], () => undefined);
listen(undefined, wakeAfterNews);
start(Status);
