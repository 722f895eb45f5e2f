import { eventText, showInstant } from "../lib/alert-text.ts";
import type { AccountEvent, Workspace } from "../lib/alerts.ts";
import { showDate } from "../lib/format.ts";
import { fill } from "../lib/language.ts";
import { language, words } from "../lib/reader.ts";
import { Denied, Panel } from "./actions.tsx";
import { Scroll } from "./fields.tsx";

/** What alerts have said, newest first, with the version of the observation behind it. */
export function AlertHistory({ events: feed }: Workspace) {
  const text = words("alerts");
  const events = feed.data?.events ?? [];
  return (
    <Panel id="history" title={text.history}>
      <Denied feed={feed} />
      {feed.data && events.length === 0 && <p>{text.noHistory}</p>}
      {events.length > 0 && (
        <Scroll name={text.history}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.time}</th>
                <th scope="col">{text.alert}</th>
                <th scope="col" class="number">
                  {text.value}
                </th>
                <th scope="col">{text.ofDate}</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <Row key={event.id} event={event} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

function Row({ event }: { event: AccountEvent }) {
  const text = words("alerts");
  const { value, previous, date, kind, version, note } = event.data as Record<string, string | null | undefined>;
  return (
    <tr>
      <td>{showInstant(event.timestamp)}</td>
      <th scope="row">
        {eventText(event)}
        {note && <span class="note">{note}</span>}
      </th>
      <td class="number">
        <b>{value}</b>
        {previous && <span class="note">{fill(text.before, { value: previous })}</span>}
      </td>
      <td>
        {date && showDate(date, language.value)}
        {kind && (
          <span class="note">
            {kind === "revised" ? text.revised : text.published} · {fill(text.version, { version })}
          </span>
        )}
      </td>
    </tr>
  );
}
