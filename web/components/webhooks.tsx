import { signal } from "@preact/signals-core";
import { DAY_MS } from "#core/time/dates.ts";
import { showInstant } from "../lib/alert-text.ts";
import { type NewWebhook, refresh, shownWebhook, type Webhook, type Workspace } from "../lib/alerts.ts";
import { apiPath } from "../lib/api.ts";
import { fill } from "../lib/language.ts";
import { attempt } from "../lib/notice.ts";
import { words } from "../lib/reader.ts";
import { call, session } from "../lib/session.ts";
import { Turn } from "../lib/turn.ts";
import { Action, Denied, focusOn, Panel } from "./actions.tsx";
import { Deliveries } from "./deliveries.tsx";

/** A secret that the API shows this once: kept until the reader has stored it, or has signed out. */
const shown = signal<{ url: string; secret: string; oldUntil?: string } | undefined>(undefined);
const isCopied = signal(false);
session.subscribe((current) => {
  if (!current) shown.value = undefined;
});

/** How far back a replay looks. */
const REPLAYED_MS = 7 * DAY_MS;

const url = signal("");
const turn = new Turn();

async function add(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const create = async () => {
    const { data } = await call<NewWebhook>("POST", apiPath("/webhooks"), { url: url.value.trim() });
    show(data.url, data.secret);
    url.value = "";
    await refresh();
    return words("alerts").webhookAdded;
  };
  await turn.take(() => attempt(create));
}

function show(of: string, secret: string | null, oldUntil?: string): void {
  isCopied.value = false;
  shown.value = secret === null ? undefined : { url: of, secret, ...(oldUntil && { oldUntil }) };
}

/** Where an account's events are sent. */
export function Webhooks({ webhooks: feed }: Workspace) {
  const text = words("alerts");
  const webhooks = feed.data?.webhooks ?? [];
  return (
    <Panel id="webhooks" title={text.webhooks}>
      <Denied feed={feed} />
      <p class="note">{feed.data && webhooks.length === 0 ? text.noWebhooks : text.webhooksNote}</p>
      <form class="adding" onSubmit={add} noValidate>
        <label>
          {text.url}
          <input
            type="url"
            autoComplete="off"
            placeholder="https://…"
            required
            value={url.value}
            onInput={({ currentTarget }) => {
              url.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" aria-disabled={turn.isTaken}>
          {text.addWebhook}
        </button>
      </form>
      <Secret />
      <ul class="entries">
        {webhooks.map((webhook) => (
          <Entry key={webhook.id} webhook={webhook} />
        ))}
      </ul>
    </Panel>
  );
}

/** The secret, until the reader says that it is stored. */
function Secret() {
  const text = words("alerts");
  const found = shown.value;
  if (!found) return <div role="status" />;
  const copy = async () => {
    await navigator.clipboard.writeText(found.secret);
    isCopied.value = true;
  };
  return (
    <div role="status" class="secret">
      <p>
        <b>{fill(text.secret, { url: found.url })}</b>
      </p>
      <code>{found.secret}</code>
      <p>
        {text.secretOnce} {found.oldUntil && fill(text.oldUntil, { time: showInstant(found.oldUntil) })}
      </p>
      <button type="button" onClick={copy}>
        {isCopied.value ? text.copied : text.copy}
      </button>{" "}
      <button
        type="button"
        onClick={() => {
          shown.value = undefined;
          focusOn("webhooks");
        }}
      >
        {text.kept}
      </button>
    </div>
  );
}

const MARKS = { pending: "warn", enabled: "good", disabled: "bad" };

function Entry({ webhook }: { webhook: Webhook }) {
  const text = words("alerts");
  const { id, status, disabled_reason: reason, paused_until: pausedUntil, failing_since: failingSince } = webhook;
  const path = apiPath(`/webhooks/${id}`);
  const isShown = shownWebhook.value === id;
  const after = (verb: string, said: string) => async () => {
    await call("POST", `${path}/${verb}`);
    await refresh();
    return said;
  };
  const rotate = async () => {
    const { data } = await call<{ secret: string; previous_valid_until: string }>("POST", `${path}/rotate-secret`);
    show(webhook.url, data.secret, data.previous_valid_until);
    return text.secretOnce;
  };
  const replay = async () => {
    const since = new Date(Date.now() - REPLAYED_MS).toISOString();
    const { data } = await call<{ due: number }>("POST", `${path}/replay`, { since });
    await refresh();
    return fill(text.replayed, { count: data.due });
  };
  const remove = async () => {
    await call("DELETE", path);
    if (isShown) shownWebhook.value = undefined;
    await refresh();
    focusOn("webhooks");
    return text.webhookRemoved;
  };
  return (
    <li>
      <p class="url">
        <b>{webhook.url}</b>
      </p>
      <p>
        <span class={`state ${MARKS[status]}`}>
          {text.webhookStates[status]}
          {reason && `: ${text.reasons[reason]}`}
        </span>
        {failingSince && <span class="note">{fill(text.failingSince, { time: showInstant(failingSince) })}</span>}
        {pausedUntil && <span class="note">{fill(text.pausedUntil, { time: showInstant(pausedUntil) })}</span>}
      </p>
      <p class="buttons">
        <button
          type="button"
          class="small"
          aria-expanded={isShown}
          onClick={() => {
            shownWebhook.value = isShown ? undefined : id;
          }}
        >
          {text.deliveries} <span class="unseen">{webhook.url}</span>
        </button>
        {status === "disabled" ? (
          <Action label={text.enableWebhook} of={webhook.url} work={after("enable", text.webhookEnabled)} />
        ) : (
          <Action label={text.ping} of={webhook.url} work={after("ping", text.pinged)} />
        )}
        {status === "enabled" && (
          <Action label={text.replay} of={webhook.url} work={replay} question={text.replayWebhook} />
        )}
        <Action label={text.rotate} of={webhook.url} work={rotate} question={text.rotateWebhook} />
        <Action label={text.remove} of={webhook.url} work={remove} question={text.removeWebhook} />
      </p>
      {isShown && (
        <div class="within">
          <Deliveries />
        </div>
      )}
    </li>
  );
}
