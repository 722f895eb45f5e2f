import { eventsOf, eventsResponse, idParameter, noAlert, pageQuery } from "./alerts-fields.ts";
import { privateEndpoint } from "./endpoint.ts";
import { nothing } from "./fields.ts";

export const listEvents = privateEndpoint({
  id: "list-alert-events",
  method: "get",
  path: "/alerts/events",
  tag: "Alerts",
  scope: "alerts:read",
  summary: "Read what alerts have said",
  description: "Poll it with `next`: numbers ascend, and none is left out. The same events go to webhooks.",
  returns: "Events of the account after one of them, oldest first.",
  params: nothing,
  query: pageQuery,
  response: eventsResponse,
  handle: async ({ caller: { account }, rows }, { after, limit }) =>
    eventsOf(await rows.alerts.events(account.id, { after, limit }), after),
});

export const listEventsOfAlert = privateEndpoint({
  id: "list-events-of-alert",
  method: "get",
  path: "/alerts/{id}/events",
  tag: "Alerts",
  scope: "alerts:read",
  summary: "Read the history of an alert",
  returns: "Each time that the alert has fired, oldest first.",
  params: idParameter("alt_7Yh2mK0pQ4rT6vX8zB1c"),
  query: pageQuery,
  response: eventsResponse,
  handle: async ({ caller: { account }, rows }, { id, after, limit }) => {
    const found = await rows.alerts.find(account.id, id);
    if (found === undefined) throw noAlert();
    return eventsOf(await rows.alerts.events(account.id, { alertId: found.id, after, limit }), after);
  },
});
