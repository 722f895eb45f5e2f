import { computed, effect, signal } from "@preact/signals-core";
import { alertText } from "../lib/alert-text.ts";
import { type Alert, currencies, providers, refresh, type Workspace } from "../lib/alerts.ts";
import { apiPath, type CurrentRate, read } from "../lib/api.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { attempt } from "../lib/notice.ts";
import { language, words } from "../lib/reader.ts";
import { call } from "../lib/session.ts";
import { Turn } from "../lib/turn.ts";
import { Panel } from "./actions.tsx";
import { Select } from "./fields.tsx";

const KINDS = ["rate", "change", "stale"] as const;
const CONDITIONS = ["above", "below"] as const;
const COOLDOWNS = ["0", "3600", "86400", "604800"] as const;
/** Of all webhooks: no id. */
const ALL = "";

// A page has one such form.
const kind = signal<Alert["kind"]>("rate");
const base = signal("USD");
const quote = signal("MXN");
const provider = signal("banxico");
const span = signal("1");
const condition = signal<Alert["condition"]>("above");
const threshold = signal("");
const cooldown = signal<string>(COOLDOWNS[0]);
const endpoint = signal(ALL);
const note = signal("");
const turn = new Turn();

/** The rate of the chosen pair, beside the threshold. */
const now = signal<CurrentRate | undefined>(undefined);
const pair = computed(() => (kind.value === "stale" ? "" : `${base.value}/${quote.value}`));

/** Reads the rate of the pair that is chosen. */
export function keepQuoted(): void {
  effect(() => {
    now.value = undefined;
    if (pair.value === "") return;
    const ending = new AbortController();
    const path = apiPath("/rates/current", { base: base.value, quote: quote.value });
    read<CurrentRate>(path, ending.signal).then(
      ({ data }) => {
        if (!ending.signal.aborted) now.value = data;
      },
      // The form does without it; what is wrong is said when it is sent.
      () => undefined,
    );
    return () => ending.abort();
  });
}

/** What the form says, as the API takes it. */
function request() {
  const watched =
    kind.value === "stale"
      ? { provider: provider.value }
      : { pair: pair.value, ...(kind.value === "change" && { window: Number(span.value) }) };
  return {
    kind: kind.value,
    ...watched,
    condition: kind.value === "stale" ? "above" : condition.value,
    threshold: threshold.value.trim(),
    cooldown_seconds: Number(cooldown.value),
    endpoints: endpoint.value === ALL ? null : [endpoint.value],
    note: note.value.trim() || null,
  };
}

async function submit(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const create = async () => {
    const { data } = await call<Alert>("POST", apiPath("/alerts"), request());
    threshold.value = "";
    note.value = "";
    await refresh();
    return fill(words("alerts").created, { alert: alertText(data) });
  };
  await turn.take(() => attempt(create));
}

export function AlertForm({ webhooks }: Workspace) {
  const text = words("alerts");
  const codes = currencies.data?.currencies.map(({ code }) => code) ?? [base.value, quote.value];
  const names = providers.data?.providers.filter(({ freshness }) => freshness !== null) ?? [];
  const urls = webhooks.data?.webhooks.map(({ id, url }) => [id, url] as const) ?? [];
  return (
    <Panel id="create" title={text.create}>
      <form class="fields" onSubmit={submit} noValidate>
        <div class="whole">
          {choiceOf(
            text.kind,
            kind,
            KINDS.map((name) => [name, text.kinds[name]]),
          )}
        </div>
        {kind.value === "stale" ? (
          <div class="whole">
            {choiceOf(
              text.provider,
              provider,
              names.map(({ id, name }) => [id, name[language.value]]),
            )}
          </div>
        ) : (
          <>
            {choiceOf(text.base, base, codes)}
            {choiceOf(text.quote, quote, codes)}
            {choiceOf(
              text.condition,
              condition,
              CONDITIONS.map((name) => [name, text.conditions[name]]),
            )}
          </>
        )}
        <label>
          {text.threshold}
          {kind.value === "change" && " (%)"}
          <input
            inputMode="decimal"
            autoComplete="off"
            required
            value={threshold.value}
            aria-describedby="now"
            onInput={({ currentTarget }) => {
              threshold.value = currentTarget.value;
            }}
          />
        </label>
        {kind.value === "change" && (
          <label>
            {text.window}
            <input
              type="number"
              min="1"
              max="260"
              value={span.value}
              onInput={({ currentTarget }) => {
                span.value = currentTarget.value;
              }}
            />
          </label>
        )}
        <p id="now" class="note whole" role="status">
          {now.value && fill(text.now, { ...now.value, date: showDate(now.value.date, language.value) })}
        </p>
        {choiceOf(
          text.cooldown,
          cooldown,
          COOLDOWNS.map((seconds) => [seconds, text.cooldowns[seconds]]),
        )}
        {choiceOf(text.endpoints, endpoint, [[ALL, text.allEndpoints], ...urls])}
        <label class="whole">
          {text.note}
          <input
            autoComplete="off"
            maxLength={200}
            value={note.value}
            onInput={({ currentTarget }) => {
              note.value = currentTarget.value;
            }}
          />
        </label>
        <button type="submit" class="primary" aria-disabled={turn.isTaken}>
          {text.submit}
        </button>
      </form>
    </Panel>
  );
}

function choiceOf<Value extends string>(
  label: string,
  chosen: { value: Value },
  options: Parameters<typeof Select>[0]["options"],
) {
  return (
    <Select
      label={label}
      value={chosen.value}
      options={options}
      onChoose={(value) => {
        chosen.value = value as Value;
      }}
    />
  );
}
