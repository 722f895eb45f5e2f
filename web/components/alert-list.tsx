import { alertText, showInstant } from "../lib/alert-text.ts";
import { type Alert, MAX_ALERTS, refresh, type Webhook, type Workspace } from "../lib/alerts.ts";
import { apiPath } from "../lib/api.ts";
import { clockMs } from "../lib/feeds.ts";
import { showWait } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { words } from "../lib/reader.ts";
import { call } from "../lib/session.ts";
import { Action, Denied, focusOn, Panel } from "./actions.tsx";

/** The account's alerts, and what can be done with each. */
export function AlertList({ alerts: feed, webhooks }: Workspace) {
  const text = words("alerts");
  const alerts = feed.data?.alerts ?? [];
  return (
    <Panel id="list" title={text.list}>
      <Denied feed={feed} />
      {feed.data && alerts.length === 0 && <p>{text.none}</p>}
      {feed.data?.next && <p class="note">{fill(text.tooMany, { max: MAX_ALERTS })}</p>}
      {alerts.length > 0 && (
        <ul class="entries">
          {alerts.map((alert) => (
            <Entry key={alert.id} alert={alert} webhooks={webhooks.data?.webhooks ?? []} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

const MARKS = { armed: "good", fired: "warn", off: "unknown" };

function Entry({ alert, webhooks }: { alert: Alert; webhooks: readonly Webhook[] }) {
  const text = words("alerts");
  const name = alertText(alert);
  const path = apiPath(`/alerts/${alert.id}`);
  const isOff = alert.state === "off";
  const quietUntilMs = Date.parse(alert.last_fired_at ?? "") + alert.cooldown_seconds * 1_000;

  const toggle = async () => {
    await call("PATCH", path, { state: isOff ? "armed" : "off" });
    await refresh();
    return fill(isOff ? text.enabled : text.paused, { alert: name });
  };
  const test = async () => {
    const told = webhooks.filter(({ id, status }) => status !== "disabled" && (alert.endpoints?.includes(id) ?? true));
    await Promise.all(told.map(({ id }) => call("POST", apiPath(`/webhooks/${id}/ping`))));
    await refresh();
    return told.length > 0 ? fill(text.tested, { count: told.length }) : text.nothingToTest;
  };
  const remove = async () => {
    await call("DELETE", path);
    await refresh();
    focusOn("list");
    return fill(text.removed, { alert: name });
  };
  return (
    <li>
      <p>
        <b>{name}</b>
        {alert.note && <span class="note">{alert.note}</span>}
      </p>
      <p>
        <span class={`state ${MARKS[alert.state]}`}>{text.states[alert.state]}</span>
        <span class="note">
          {text.lastFired}: {alert.last_fired_at ? showInstant(alert.last_fired_at) : text.never}
        </span>
        {quietUntilMs > clockMs.value && !isOff && (
          <span class="note">{fill(text.coolingDown, { wait: showWait(quietUntilMs - clockMs.value) })}</span>
        )}
      </p>
      <p class="buttons">
        <Action label={isOff ? text.enable : text.pause} of={name} work={toggle} />
        <Action label={text.test} of={name} work={test} />
        <Action label={text.remove} of={name} work={remove} question={text.removeAlert} />
      </p>
    </li>
  );
}
