import { showInstant } from "../lib/alert-text.ts";
import { type Delivery, deliveries, refresh } from "../lib/alerts.ts";
import { apiPath } from "../lib/api.ts";
import { fill } from "../lib/language.ts";
import { words } from "../lib/reader.ts";
import { call } from "../lib/session.ts";
import { Action, Denied } from "./actions.tsx";

const MARKS = { due: "warn", delivered: "good", failed: "bad" };

/** What was sent to a webhook, newest first, with each attempt. */
export function Deliveries() {
  const text = words("alerts");
  const feed = deliveries.value;
  if (!feed) return null;
  const found = feed.data?.deliveries;
  if (!found || found.length === 0)
    return (
      <>
        <Denied feed={feed} />
        {found && <p class="note">{text.noDeliveries}</p>}
      </>
    );
  return (
    <ul class="entries" aria-label={text.deliveries}>
      {found.map((delivery) => (
        <Entry key={delivery.id} delivery={delivery} />
      ))}
    </ul>
  );
}

function Entry({ delivery }: { delivery: Delivery }) {
  const text = words("alerts");
  const { id, type, status, log, created_at: createdAt, next_attempt_at: nextAttemptAt } = delivery;
  const retry = async () => {
    await call("POST", apiPath(`/deliveries/${id}/retry`));
    await refresh();
    return text.retried;
  };
  return (
    <li>
      <p>
        <b>{text.types[type] ?? type}</b>
        <span class="note">{showInstant(createdAt)}</span>
      </p>
      <p>
        <span class={`state ${MARKS[status]}`}>{text.deliveryStates[status]}</span>
        {nextAttemptAt && <span class="note">{fill(text.nextAttempt, { time: showInstant(nextAttemptAt) })}</span>}
      </p>
      <ol class="attempts" aria-label={text.attempts}>
        {log.map(({ n, at, status: code, error, duration_ms: duration }) => (
          <li key={n}>
            {fill(text.attempt, {
              n,
              time: showInstant(at),
              result: [code, error && (text.errors[error] ?? error)].filter(Boolean).join(" "),
              duration,
            })}
          </li>
        ))}
      </ol>
      {status !== "delivered" && (
        <p class="buttons">
          <Action label={text.retry} of={`${text.types[type] ?? type} ${id}`} work={retry} />
        </p>
      )}
    </li>
  );
}
