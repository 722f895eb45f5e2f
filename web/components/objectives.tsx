import { BUDGETS } from "#core/ops/objectives.ts";
import type { Health } from "../lib/api.ts";
import { percent } from "../lib/format.ts";
import { words } from "../lib/reader.ts";
import { Scroll } from "./fields.tsx";

/** Which tier had the pages, and how fast the objectives' budgets burn. */
export function Objectives({ performance }: Pick<Health, "performance">) {
  const text = words("status");
  const { error_ratio: errors = null, slow_ratio: slow = null, cache_hit_ratio: hits, tiers = {} } = performance;
  const rows = [
    [text.availability, errors, BUDGETS.availability],
    [text.latency, slow, BUDGETS.latency],
    [text.cache, hits === null ? null : 1 - hits, BUDGETS.cache],
  ] as const;
  return (
    <section class="card" aria-labelledby="objectives">
      <h2 id="objectives">{text.objectives}</h2>
      <Scroll name={text.objectives}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.objective}</th>
              <th scope="col" class="number">
                {text.failed}
              </th>
              <th scope="col" class="number">
                {text.burn}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, failed, budget]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{failed === null ? text.none : percent(failed, 2)}</td>
                <td class="number">
                  {failed === null ? (
                    text.none
                  ) : (
                    <span class={`state ${failed > budget ? "warn" : "good"}`}>{(failed / budget).toFixed(1)} ×</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="note">{text.burnNote}</p>
      <h2>{text.tiers}</h2>
      <dl class="figures">
        {Object.entries(tiers).map(([tier, share]) => (
          <div key={tier}>
            <dt>{text.tierNames[tier] ?? tier}</dt>
            <dd>{share === null ? text.none : percent(share, 1)}</dd>
          </div>
        ))}
      </dl>
      <p class="note">{text.unseen}</p>
    </section>
  );
}
