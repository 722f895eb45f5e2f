// Made of core/api/openapi.json by npm run openapi.

export interface paths {
    "/api/v1/rates/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest rate of a pair
         * @description With `bases` or `quotes`, the latest rates of up to 20 pairs, as a list.
         */
        get: operations["currentRate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/historical": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rates over a period, ascending
         * @description Without parameters, the last 10 days; otherwise `days`, or `from` and `to`. `limit` keeps the newest.
         */
        get: operations["historicalRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/intraday": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rates within a day, as they changed
         * @description Of a provider that is polled during the day: the rate in force at `from`, and each that followed. A rate that stays the same is not repeated. Kept for seven days; at most 24 hours at once. Volatility is not computed of them. Where a deployment polls no provider during the day, the response is a 404.
         */
        get: operations["intradayRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/crosses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tracked currencies in each other
         * @description Of a provider that is polled during the day: the newest rate of each pair of the currencies whose ticks are kept, computed when asked for. Each pair is listed once. Where a deployment polls no provider during the day, the response is a 404.
         */
        get: operations["crossRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/average/{window}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The mean rate of a window or a month
         * @description The mean, rounded once, half-even, to as many decimals as the pair's rates have and at least 6.
         */
        get: operations["averageRate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/on/{date}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rate in force on a date
         * @description The fixing of that date or, where there is none, the last one before it, at most 14 days back.
         */
        get: operations["rateOnDate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rates in force on many dates
         * @description Up to 366 dates and 10 pairs in one request, as for a list of invoices. The fixing of each date or, where there is none, the last one before it, at most 14 days back.
         */
        get: operations["ratesOnDates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/{date}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every rate that was served for a date
         * @description Providers correct values and take some back. Of a date with a fixing, each rate with the time for which it was the one served; a computed rate changes with each value behind it.
         */
        get: operations["rateRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/cfdi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The USD/MXN rate of a Mexican invoice
         * @description For a CFDI whose tax is caused on `date`, by article 20 of the Código Fiscal de la Federación: what the Diario Oficial published on the day before, or last before that. `dates` takes up to 366.
         */
        get: operations["cfdiRate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/convert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Convert an amount exactly
         * @description The amount converted, rounded once, with the rate used.
         */
        get: operations["convert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/volatility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The volatility of a pair
         * @description The sample standard deviation (n - 1) of the log returns from one observation to the next; Friday to Monday is one return. The return into the first observation of a period counts.
         */
        get: operations["volatility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/bars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open, high, low and close of a pair
         * @description Bars over fixings by week (ISO 8601, Monday to Sunday), month, quarter or year. A fixing is one number per day, so there are no daily bars, and none for an interval without a fixing. A bar holds only fixings of the period: the first and the last may be cut.
         */
        get: operations["bars"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a pair moved over a period
         * @description From the first observation of the period to the last, with the highest and the lowest between them.
         */
        get: operations["change"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The distribution of a pair's rates over a period
         * @description Over the observations of the period. Mean and percentiles are exact, rounded once, half-even, to as many decimals as the rates have and at least 6.
         */
        get: operations["statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All currencies against one base
         * @description The newest rate of every currency, or of those named in `quotes`. Each is of the provider that answers for its pair, and of that provider's newest date. With `date`, the rates in force on it.
         */
        get: operations["latestRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rates/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A pair at every provider that has it
         * @description The only place where rates of several providers stand side by side; no number is made of two of them.
         */
        get: operations["compareRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/currencies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Available currencies
         * @description Codes, names, minor units, first and latest date, and the providers that have each.
         */
        get: operations["currencies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The published series behind the rates
         * @description Each series with its provider, first and latest date.
         */
        get: operations["series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who publishes the rates
         * @description Each provider with its authority, licence and attribution, when it publishes, and how fresh its rates are.
         */
        get: operations["providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendar/{provider}/{year}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The weekdays on which a bank publishes nothing
         * @description The year's closed weekdays, and when a rate is announced on the others.
         */
        get: operations["bankCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was published, in order
         * @description The log of every rate that was published, revised or taken back. To follow it, keep `next` and send it as `after`. Every event is in it exactly once and its number never changes; numbers ascend, but some are not public. The event for a rate is there within a second or two of the rate itself.
         */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rates as they are published, as server-sent events
         * @description For `EventSource` and anything else that reads a response line by line. The first message is `hello`: `latest` is the highest number so far. Then come `rate.published`, `rate.revised` and `rate.withdrawn`, each with its value; that of a withdrawal is null, and `previous` was taken back. First values of dates more than 14 days back are only in `/events`. After `resync`, read `/events` from its `after` on: more was missed than is kept for connections. With a ticket the account's own events come too, such as `alert.triggered`; the position is then two numbers, as 1042.883, and a `resync` with `log` account means `/alerts/events`. A comment comes every 25 seconds. When the connection ends, connect again with `Last-Event-ID`, as `EventSource` does by itself, or with `after`. With a ticket, each connection needs another one.
         */
        get: operations["stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rates as they are published, over a WebSocket
         * @description The messages of `/stream` as JSON texts. The first message is `hello`: `latest` is the highest number so far. Then come `rate.published`, `rate.revised` and `rate.withdrawn`, each with its value; that of a withdrawal is null, and `previous` was taken back. First values of dates more than 14 days back are only in `/events`. After `resync`, read `/events` from its `after` on: more was missed than is kept for connections. With a ticket the account's own events come too, such as `alert.triggered`; the position is then two numbers, as 1042.883, and a `resync` with `log` account means `/alerts/events`. Send `ping` to get `pong`; anything else closes the connection (1008). When it closes, connect again with `after`. With a ticket each message has a `position` for it.
         */
        get: operations["socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oauth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An access token for a key
         * @description OAuth 2.0 client credentials (RFC 6749 §4.4), at most five a minute and key. The key may also be in the body, as `client_id` and `client_secret`.
         */
        post: operations["requestToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I
         * @description The account that the token stands for, what the token may do, and how much of the plan is in use. Needs an access token.
         */
        get: operations["currentAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the account's keys
         * @description The keys that are not revoked, oldest first, without their secrets. Needs the scope `keys:write`.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description The key may have scopes that the request's own token has, and no others. `secret` is shown in this response only; a repeated request with the same `Idempotency-Key` returns null in its place. Needs the scope `keys:write`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description Tokens that were issued for the key are refused from then on. A key may revoke itself. Needs the scope `keys:write`.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts
         * @description The alerts of the account, in the order of their creation. Needs the scope `alerts:read`.
         */
        get: operations["listAlerts"];
        put?: never;
        /**
         * Create an alert
         * @description An alert fires once when its condition holds, strictly above or below, and is armed again by the first value at which it does not. A new alert is armed: if its condition holds already, it fires at the next publication. Values of the newest date only are looked at, so a revision of an older date fires nothing; a revision of the newest date is an event of its own, with `kind` revised. During the cool-down it stays armed, and the first value afterwards fires if the condition then holds. Needs the scope `alerts:write`.
         */
        post: operations["createAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what alerts have said
         * @description Poll it with `next`: numbers ascend, and none is left out. The same events go to webhooks. Needs the scope `alerts:read`.
         */
        get: operations["listAlertEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an alert
         * @description The alert. Needs the scope `alerts:read`.
         */
        get: operations["getAlert"];
        put?: never;
        post?: never;
        /**
         * Delete an alert
         * @description Its events stay in the history of the account. Needs the scope `alerts:write`.
         */
        delete: operations["deleteAlert"];
        options?: never;
        head?: never;
        /**
         * Change an alert
         * @description A new condition or threshold arms the alert again, for publications from now on. `state` off keeps it from firing, armed ends that. Needs the scope `alerts:write`.
         */
        patch: operations["changeAlert"];
        trace?: never;
    };
    "/api/v1/alerts/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the history of an alert
         * @description Each time that the alert has fired, oldest first. Needs the scope `alerts:read`.
         */
        get: operations["listEventsOfAlert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a stream ticket
         * @description `/stream?ticket=` and `/ws?ticket=` then also send the account's own events, such as `alert.triggered`. For browsers, whose `EventSource` sends no headers: a ticket is good once and for a minute, so that nobody can use it again. Each connection needs another one. It ends when the key of the token is revoked. Needs the scope `stream:alerts`.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description The webhooks of the account, without their secrets. Needs the scope `webhooks:read`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Deliveries follow Standard Webhooks 1.0.0: `webhook-id` is the same on every attempt, so that a receiver can tell repetitions; `webhook-signature` signs `id.timestamp.body` with the secret. A response with 2xx within 15 seconds is a success. Otherwise there are eight attempts within 24 hours. A signed `webhook.ping` is sent at once; the webhook is enabled when it is answered with 2xx. `secret` is shown in this response only; a repeated request with the same `Idempotency-Key` returns null in its place. Needs the scope `webhooks:write`.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description The webhook, without its secret. Needs the scope `webhooks:read`.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description What was not delivered yet will not be. Needs the scope `webhooks:write`.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description A new URL must answer a `webhook.ping` again before anything else is sent to it. Needs the scope `webhooks:write`.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a ping
         * @description A `webhook.ping` is sent at once. A pending webhook is enabled when it is answered with 2xx. Needs the scope `webhooks:write`.
         */
        post: operations["pingWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable a webhook again
         * @description For one that was disabled because it failed for five days or answered 410. It is pending until a `webhook.ping` is answered with 2xx; then POST …/replay sends what it has missed. Needs the scope `webhooks:write`.
         */
        post: operations["enableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a new secret
         * @description For 24 hours each delivery has two signatures, one by the new secret and one by the one before. `secret` is shown in this response only. Only the newest two sign: another rotation within the 24 hours ends the oldest secret at once. Needs the scope `webhooks:write`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what was missed
         * @description Events since an instant that were not delivered to this webhook are due at once, at most 10000 in a request. What was delivered is not repeated. Needs the scope `webhooks:write`.
         */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was sent to a webhook
         * @description Each attempt with the status that came back, or why none did. Nothing else of a response is kept. Needs the scope `webhooks:read`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description At once, under the same `webhook-id`, if its webhook is enabled. If it fails again after its eighth attempt, that is all. Needs the scope `webhooks:write`.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state of the platform
         * @description For monitors and people. It is never cached, and limited to 300 requests in 10 s per address.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessToken: {
            /** @example eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9… */
            access_token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /**
             * @description Seconds.
             * @example 600
             */
            expires_in: number;
            /**
             * @description Separated by spaces.
             * @example alerts:read alerts:write
             */
            scope: string;
        };
        Account: {
            /** @example acc_7Yh2mK0pQ4rT6vX8zB1c */
            id: string;
            name: string;
            plan: components["schemas"]["Plan"];
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /**
             * @description The key that the token was issued for.
             * @example 3kTMd9vQxA
             */
            key_id: string;
            scopes: components["schemas"]["Scope"][];
            quotas: components["schemas"]["AccountQuotas"];
        };
        AccountEvent: {
            id: number;
            type: components["schemas"]["AccountEventType"];
            /** @example 2027-01-04T18:00:00.000Z */
            timestamp: components["schemas"]["Instant"];
            data: {
                [key: string]: unknown;
            };
        };
        /** @enum {string} */
        AccountEventType: "alert.triggered" | "endpoint.disabled";
        AccountEvents: {
            events: components["schemas"]["AccountEvent"][];
            /** @description Where to go on: `after` of the next request. */
            next: number;
        };
        AccountQuotas: {
            keys: components["schemas"]["Quota"];
            alerts: components["schemas"]["Quota"];
            webhooks: components["schemas"]["Quota"];
        };
        Alert: {
            id: string;
            kind: components["schemas"]["Kind"];
            pair?: string;
            window?: number;
            provider?: string;
            condition: components["schemas"]["Condition"];
            /** @example 17.5 */
            threshold: string;
            cooldown_seconds: number;
            endpoints: string[] | null;
            note: string | null;
            /** @description fired: armed again by the first value at which the condition does not hold. */
            state: components["schemas"]["State"];
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /** @example 2027-01-04T18:00:00.000Z */
            last_fired_at: components["schemas"]["Instant"] | null;
        };
        /** @enum {string} */
        Authority: "central_bank" | "statutory" | "aggregator";
        AverageRate: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 30d */
            window: string;
            basis: components["schemas"]["Basis"];
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            /** @description Number of fixings in the window. */
            observations: number;
            /** @description Number of calendar days averaged; null on the business basis. */
            days: number | null;
            /**
             * @description The mean of the unrounded daily rates, rounded once, half-even, to as many decimals as the pair's rates have, at least 6, and to at least 6 significant digits.
             * @example 17.195340
             */
            average: components["schemas"]["Decimal"];
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        BankCalendar: {
            /** @example banxico */
            provider: components["schemas"]["ProviderId"];
            year: number;
            /** @example America/Mexico_City */
            time_zone: string;
            /**
             * @description When a day's rate is announced, in that time zone, on every weekday that is not closed.
             * @example 12:00
             */
            published_at: string;
            /** @description Whether a rate carries the date of its announcement, of the day after, or of the next weekday that is not closed. */
            dated: components["schemas"]["Dated"];
            /** @description Weekdays without a rate: bank holidays and exceptional closures. */
            closed: components["schemas"]["PlainDate"][];
            /** @description Whether the bank's holidays are known. If not, only closures that were declared are listed. */
            is_complete: boolean;
        };
        Bar: {
            /**
             * @description First day of the interval that is in the period.
             * @example 2023-12-29
             */
            from: components["schemas"]["PlainDate"];
            /**
             * @description Last day of the interval that is in the period.
             * @example 2023-12-29
             */
            to: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            open: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            open_date: components["schemas"]["PlainDate"];
            /**
             * @description The highest rate.
             * @example 16.9190
             */
            high: components["schemas"]["Decimal"];
            /**
             * @description The first date that has it.
             * @example 2023-12-29
             */
            high_date: components["schemas"]["PlainDate"];
            /**
             * @description The lowest rate.
             * @example 16.9190
             */
            low: components["schemas"]["Decimal"];
            /**
             * @description The first date that has it.
             * @example 2023-12-29
             */
            low_date: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            close: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            close_date: components["schemas"]["PlainDate"];
            /**
             * @description Number of fixings in the bar.
             * @example 22
             */
            observations: number;
        };
        Bars: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            interval: components["schemas"]["Interval"];
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            count: number;
            bars: components["schemas"]["Bar"][];
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        /** @enum {string} */
        Basis: "business" | "calendar";
        Bilingual: {
            en: string;
            es: string;
        };
        /** @enum {string} */
        Cadence: "bank_day" | "week";
        CfdiRate: {
            /** @example 2023-12-29 */
            requested_date: components["schemas"]["PlainDate"];
            /**
             * @description The first day on which the rate applies.
             * @example 2023-12-29
             */
            date: components["schemas"]["PlainDate"] | null;
            /**
             * @description As `TipoCambio` takes it; null if not known yet.
             * @example 16.9190
             */
            rate: components["schemas"]["Decimal"] | null;
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /** @description Why it is this rate. */
            steps: components["schemas"]["CfdiStep"][];
            /**
             * @description Path of this response as it is now, whatever is corrected later.
             * @example /api/v1/rates/cfdi?date=2023-04-10&known_at=2026-01-02T18:01:00.250Z
             */
            permalink: string | null;
            /** @example USD */
            base: string;
            /** @example MXN */
            quote: string;
            /** @example CFF, art. 20 */
            legal_basis: string;
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
        };
        CfdiRates: {
            /** @description Only with `dates`, as `rates`. */
            count: number;
            /** @description Number of dates without a rate. */
            missing: number;
            rates: components["schemas"]["CfdiRatesRate"][];
            /** @example USD */
            base: string;
            /** @example MXN */
            quote: string;
            /** @example CFF, art. 20 */
            legal_basis: string;
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
        };
        CfdiRatesRate: {
            /** @example 2023-12-29 */
            requested_date: components["schemas"]["PlainDate"];
            /**
             * @description The first day on which the rate applies.
             * @example 2023-12-29
             */
            date: components["schemas"]["PlainDate"] | null;
            /**
             * @description As `TipoCambio` takes it; null if not known yet.
             * @example 16.9190
             */
            rate: components["schemas"]["Decimal"] | null;
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /** @description Why it is this rate. */
            steps: components["schemas"]["CfdiStep"][];
            /**
             * @description Path of this response as it is now, whatever is corrected later.
             * @example /api/v1/rates/cfdi?date=2023-04-10&known_at=2026-01-02T18:01:00.250Z
             */
            permalink: string | null;
        };
        CfdiStep: {
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            en: string;
            es: string;
        };
        Change: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            /**
             * @description The first rate of the period.
             * @example 16.9190
             */
            start: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            start_date: components["schemas"]["PlainDate"];
            /**
             * @description The last rate of the period.
             * @example 16.9190
             */
            end: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            end_date: components["schemas"]["PlainDate"];
            /**
             * @description `end` less `start`, from unrounded rates, with as many decimals as they have.
             * @example -2.5693
             */
            absolute: components["schemas"]["Decimal"];
            /**
             * @description The same in percent of `start`, rounded once, half-even, to 6 decimals.
             * @example -13.183808
             */
            percent: components["schemas"]["Decimal"];
            /**
             * @description The highest rate.
             * @example 16.9190
             */
            high: components["schemas"]["Decimal"];
            /**
             * @description The first date that has it.
             * @example 2023-12-29
             */
            high_date: components["schemas"]["PlainDate"];
            /**
             * @description The lowest rate.
             * @example 16.9190
             */
            low: components["schemas"]["Decimal"];
            /**
             * @description The first date that has it.
             * @example 2023-12-29
             */
            low_date: components["schemas"]["PlainDate"];
            /**
             * @description Number of fixings in the period.
             * @example 251
             */
            observations: number;
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        ChangeAlertRequest: {
            condition?: components["schemas"]["Condition"];
            /** @example 17.50 */
            threshold?: string;
            /**
             * @description After firing, it does not fire again for so long.
             * @example 3600
             */
            cooldown_seconds?: number;
            /** @description Webhooks that are told; null: all of the account. */
            endpoints?: string[] | null;
            /** @description Delivered with each event. */
            note?: string | null;
            state?: components["schemas"]["ChangeAlertRequestState"];
        };
        /** @enum {string} */
        ChangeAlertRequestState: "armed" | "off";
        ChangeWebhookRequest: {
            /** @example https://example.org/hooks/rates */
            url?: string;
            /** @description null: all. */
            event_types?: components["schemas"]["AccountEventType"][] | null;
            note?: string | null;
        };
        /** @enum {string} */
        CircuitBreakerState: "closed" | "open" | "half_open" | "unknown";
        ComparedRate: {
            /** @example banxico */
            provider: components["schemas"]["ProviderId"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            series: string[];
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /**
             * @description By how much the rate is above (or, negative, below) the first one, rounded to 4 decimals.
             * @example 0.2314
             */
            difference_percent: string;
            stale: boolean;
        };
        /** @enum {string} */
        Condition: "above" | "below";
        Conversion: {
            /** @example USD */
            from: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            to: components["schemas"]["CurrencyCode"];
            /**
             * @description The amount, as given.
             * @example 100.10
             */
            amount: components["schemas"]["Decimal"];
            /**
             * @description Computed from the unrounded legs, rounded once to the target's ISO 4217 minor units, half away from zero.
             * @example 1693.59
             */
            result: components["schemas"]["Decimal"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            requested_date: components["schemas"]["PlainDate"] | null;
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /** @description The published rates that the result is computed from, unrounded. */
            legs: components["schemas"]["ConversionLeg"][];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        ConversionLeg: {
            series: string;
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
        };
        CreateAlertRequest: {
            /**
             * @description The rate, its change in percent over `window` fixings, or how many publications a provider has missed.
             * @default rate
             */
            kind: components["schemas"]["Kind"];
            /** @example USD/MXN */
            pair?: string;
            /**
             * @description Fixings back that a change is measured against; 1 by default.
             * @example 1
             */
            window?: number;
            /** @example banxico */
            provider?: string;
            condition: components["schemas"]["Condition"];
            /** @example 17.50 */
            threshold: string;
            /**
             * @description After firing, it does not fire again for so long.
             * @default 0
             * @example 3600
             */
            cooldown_seconds: number;
            /**
             * @description Webhooks that are told; null: all of the account.
             * @default null
             */
            endpoints: string[] | null;
            /**
             * @description Delivered with each event.
             * @default null
             */
            note: string | null;
        };
        CreateKeyRequest: {
            /** @example pricing service */
            name: string;
            /**
             * @example [
             *       "alerts:read"
             *     ]
             */
            scopes: components["schemas"]["Scope"][];
            /** @description Default: never. */
            expires_at?: components["schemas"]["Instant"];
        };
        CreateWebhookRequest: {
            /** @example https://example.org/hooks/rates */
            url: string;
            /**
             * @description null: all.
             * @default null
             */
            event_types: components["schemas"]["AccountEventType"][] | null;
            /** @default null */
            note: string | null;
        };
        CrossRate: {
            /** @example EUR */
            base: components["schemas"]["CurrencyCode"];
            /** @example JPY */
            quote: components["schemas"]["CurrencyCode"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /** @example 2024-01-02T18:00:00Z */
            at: components["schemas"]["Instant"];
        };
        CrossRates: {
            /** @example banxico */
            provider: components["schemas"]["ProviderId"];
            currencies: components["schemas"]["CurrencyCode"][];
            /**
             * @description How often the provider is polled.
             * @example 30
             */
            every_seconds: number;
            count: number;
            rates: components["schemas"]["CrossRate"][];
            source: components["schemas"]["Source"];
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /**
             * @description When the provider was last polled with success.
             * @example 2024-01-02T18:00:00Z
             */
            checked_at: components["schemas"]["Instant"];
            /**
             * @description When the next rate is due; in the past while it is overdue.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"];
        };
        Currencies: {
            currencies: components["schemas"]["Currency"][];
        };
        Currency: {
            /** @example USD */
            code: components["schemas"]["CurrencyCode"];
            name: components["schemas"]["Bilingual"];
            minor_units: number;
            /** @example 2023-12-29 */
            since: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            providers: components["schemas"]["ProviderId"][];
            /**
             * @description The currency in which the law fixes the value of this one.
             * @example GBP
             */
            parity_with?: string;
        };
        /** @example USD */
        CurrencyCode: string;
        CurrentRate: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /** @description Bank business days since `date`. */
            age_business_days: number;
            /**
             * @description When the next rate is due; in the past while it is overdue.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"];
            /**
             * @description Of a provider that is polled during the day: since when this rate holds.
             * @example 2024-01-02T18:00:00Z
             */
            at?: components["schemas"]["Instant"];
            /**
             * @description Of the same: when the provider last gave it. `date` is its date where the provider is.
             * @example 2024-01-02T18:00:00Z
             */
            checked_at?: components["schemas"]["Instant"];
        };
        CurrentRateOrRates: components["schemas"]["CurrentRate"] | components["schemas"]["CurrentRates"];
        CurrentRates: {
            /** @description Only with `bases` or `quotes`, as `rates`. */
            count: number;
            stale: boolean;
            rates: components["schemas"]["CurrentRate"][];
        };
        /** @enum {string} */
        Dated: "same_day" | "next_day" | "next_business_day";
        /**
         * @description A decimal: as published or, if the rate is derived, rounded once, half-even, to 8 decimals or, where that is more, 8 significant digits.
         * @example 16.9190
         */
        Decimal: string;
        Delivery: {
            id: number;
            event_id: number;
            webhook_id: string;
            type: string;
            status: components["schemas"]["DeliveryStatus"];
            attempts: number;
            /** @example 2027-01-04T18:00:00.000Z */
            next_attempt_at: components["schemas"]["Instant"] | null;
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /** @example 2027-01-04T18:00:00.000Z */
            finished_at: components["schemas"]["Instant"] | null;
            log: components["schemas"]["DeliveryLogItem"][];
        };
        DeliveryLogItem: {
            n: number;
            /** @example 2027-01-04T18:00:00.000Z */
            at: components["schemas"]["Instant"];
            status: number | null;
            error: string | null;
            duration_ms: number;
        };
        /** @enum {string} */
        DeliveryStatus: "due" | "delivered" | "failed";
        /** @enum {string} */
        DependencyState: "healthy" | "unhealthy" | "unknown";
        Events: {
            events: components["schemas"]["RateEvent"][];
            /**
             * @description The `after` of the next request.
             * @example 1042
             */
            next: number;
            /**
             * @description The highest number so far.
             * @example 1042
             */
            latest: number;
        };
        /** @enum {string} */
        Fill: "none" | "previous";
        /** @enum {string} */
        Format: "json" | "csv" | "ndjson";
        /** @enum {string} */
        FreshnessState: "current" | "behind" | "missing" | "unknown";
        Health: {
            status: components["schemas"]["HealthStatus"];
            level: components["schemas"]["HealthLevel"];
            dependencies: components["schemas"]["HealthDependencies"];
            performance: components["schemas"]["HealthPerformance"];
            /** @description Of the default provider's series that is furthest behind. */
            freshness: components["schemas"]["HealthFreshness"];
            dead_letters: number | null;
            /** @description Whether the settlement rates that Banxico publishes (SF60653) are those that are derived from its FIX. They are derived wherever they are served. */
            settlement_check: components["schemas"]["SettlementCheck"];
            series: components["schemas"]["SeriesHealth"][];
            providers: components["schemas"]["ProviderHealth"][];
            /** @description What the host that responded runs, if it has a name: the commit at the edge, the image's digest at the origin. */
            release?: string;
        };
        HealthDependencies: {
            database: components["schemas"]["DependencyState"];
            redis: components["schemas"]["DependencyState"];
            banxico_api: components["schemas"]["DependencyState"];
            circuit_breaker: components["schemas"]["CircuitBreakerState"];
        };
        /** @description Of the default provider's series that is furthest behind. */
        HealthFreshness: {
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            /** @example 2023-12-29 */
            expected: components["schemas"]["PlainDate"];
            publishes_missed: number | null;
        };
        /** @enum {string} */
        HealthLevel: "healthy" | "degraded" | "limited" | "critical";
        HealthPerformance: {
            /** @description Milliseconds, over five minutes. */
            response_time_p95: number | null;
            /** @description Of pages read without the origin, 0 to 1. */
            cache_hit_ratio: number | null;
            /** @description Of responses that are server errors. 0 to 1, over five minutes, at the edge. */
            error_ratio?: number | null;
            /** @description Of responses that take longer than 200 ms. 0 to 1, over five minutes, at the edge. */
            slow_ratio?: number | null;
            /**
             * @description Of page reads, by the tier that had the page. At the edge.
             * @example {
             *       "isolate": 0.91,
             *       "colo": 0.06,
             *       "redis": 0.02,
             *       "origin": 0.01
             *     }
             */
            tiers?: {
                [key: string]: number | null;
            };
        };
        /** @enum {string} */
        HealthStatus: "healthy" | "degraded" | "unhealthy";
        HistoricalRates: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            count: number;
            observations: components["schemas"]["Observation"][];
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        /** Format: date-time */
        Instant: string;
        /** @enum {string} */
        Interval: "week" | "month" | "quarter" | "year";
        IntradayRates: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2024-01-02T18:00:00Z */
            from: components["schemas"]["Instant"];
            /** @example 2024-01-02T18:00:00Z */
            to: components["schemas"]["Instant"];
            /**
             * @description How often the provider is polled.
             * @example 30
             */
            every_seconds: number;
            count: number;
            ticks: components["schemas"]["TickOfPair"][];
            /**
             * @description When the provider was last polled with success.
             * @example 2024-01-02T18:00:00Z
             */
            checked_at: components["schemas"]["Instant"];
            /**
             * @description When the next rate is due; in the past while it is overdue.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"];
        };
        Key: {
            /**
             * @description Also the `client_id` for a token.
             * @example 3kTMd9vQxA
             */
            id: string;
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /**
             * @description To the hour.
             * @example 2027-01-04T18:00:00.000Z
             */
            last_used_at: components["schemas"]["Instant"] | null;
            /** @example 2027-01-04T18:00:00.000Z */
            expires_at: components["schemas"]["Instant"] | null;
        };
        Keys: {
            keys: components["schemas"]["Key"][];
        };
        /** @enum {string} */
        Kind: "rate" | "change" | "stale";
        LatestRate: {
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /** @example ecb */
            provider: components["schemas"]["ProviderId"];
            series: string[];
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            stale: boolean;
        };
        LatestRates: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /**
             * @description The requested date, or the newest date of any rate.
             * @example 2023-12-29
             */
            date: components["schemas"]["PlainDate"];
            /** @description By currency code. A currency without a rate is absent. */
            rates: {
                [key: string]: components["schemas"]["LatestRate"];
            };
            /** @description Whether any rate is. */
            stale: boolean;
        };
        ListAlertsResponse: {
            alerts: components["schemas"]["Alert"][];
            /** @description `after` of the next page; null: there is none. */
            next: number | null;
        };
        ListDeliveriesResponse: {
            deliveries: components["schemas"]["Delivery"][];
            /** @description `before` of the next page; null: there is none. */
            next: number | null;
        };
        ListWebhooksResponse: {
            webhooks: components["schemas"]["Webhook"][];
        };
        /** @enum {string} */
        Locale: "en" | "es";
        NewKey: {
            /**
             * @description Also the `client_id` for a token.
             * @example 3kTMd9vQxA
             */
            id: string;
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /**
             * @description To the hour.
             * @example 2027-01-04T18:00:00.000Z
             */
            last_used_at: components["schemas"]["Instant"] | null;
            /** @example 2027-01-04T18:00:00.000Z */
            expires_at: components["schemas"]["Instant"] | null;
            /**
             * @description The `client_secret` for a token.
             * @example par_live_3kTMd9vQxA_0000000000000000000000000000000000000000000000000
             */
            secret: string | null;
        };
        NewWebhook: {
            id: string;
            url: string;
            event_types: components["schemas"]["AccountEventType"][] | null;
            /** @description pending: a signed webhook.ping has not been answered with 2xx yet. */
            status: components["schemas"]["Status"];
            disabled_reason: components["schemas"]["Reason"] | null;
            /** @example 2027-01-04T18:00:00.000Z */
            failing_since: components["schemas"]["Instant"] | null;
            /**
             * @description Nothing is sent until then: it hangs, or asked for it.
             * @example 2027-01-04T18:00:00.000Z
             */
            paused_until: components["schemas"]["Instant"] | null;
            note: string | null;
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
            /** @description Verifies signatures. Shown in this response only. */
            secret: string | null;
        };
        Observation: {
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /**
             * @description The date of the fixing, if the day itself has none.
             * @example 2023-12-29
             */
            carried_from?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
        };
        ParameterError: {
            parameter: string;
            detail: string;
        };
        Parity: {
            /** @example GGP */
            currency: components["schemas"]["CurrencyCode"];
            /** @example GBP */
            anchor: components["schemas"]["CurrencyCode"];
            /**
             * @description Units of `currency` that are one unit of `anchor`.
             * @example 1
             */
            per_anchor: string;
            authority: string;
            /** @description The law. */
            source: string;
            /** @example 2023-12-29 */
            since: components["schemas"]["PlainDate"];
            /**
             * @description Its last day as legal tender.
             * @example 2023-12-29
             */
            retired_on?: components["schemas"]["PlainDate"];
            /** @example EUR */
            successor?: components["schemas"]["CurrencyCode"];
        };
        /** Format: date */
        PlainDate: string;
        /** @enum {string} */
        Plan: "free" | "standard" | "large";
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the problem is explained.
             */
            type: string;
            title: string;
            status: number;
            /** @description For humans; it may change. */
            detail: string;
            /** @description The path that was requested. */
            instance: string;
            /** @description Stable: what programs decide by. */
            code: components["schemas"]["ProblemCode"];
            /** @description Each invalid parameter, of an `invalid_parameter`. */
            errors?: components["schemas"]["ParameterError"][];
        };
        /**
         * @description Stable: what programs decide by.
         * @enum {string}
         */
        ProblemCode: "invalid_parameter" | "no_data" | "pair_not_served" | "not_found" | "method_not_allowed" | "rate_limited" | "upgrade_required" | "too_many_connections" | "rate_too_old" | "unavailable" | "internal" | "bad_request" | "headers_too_large" | "unauthorized" | "insufficient_scope" | "object_not_found" | "quota_exceeded" | "conflict" | "idempotency_key_reused" | "unsupported_media_type" | "payload_too_large" | "request_timeout";
        Provider: {
            /** @example ecb */
            id: components["schemas"]["ProviderId"];
            name: components["schemas"]["Bilingual"];
            authority: components["schemas"]["Authority"];
            /**
             * @description The currency that its other rates are computed over.
             * @example EUR
             */
            pivot: string | null;
            attribution: components["schemas"]["Bilingual"];
            licence: components["schemas"]["ProvidersProviderLicence"];
            /** @description How many it has. */
            currencies: number;
            /** @example Europe/Berlin */
            time_zone: string | null;
            /** @example 16:00 */
            published_at: string | null;
            /** @description Of its newest rate; null where nothing is published. */
            freshness: components["schemas"]["ProvidersProviderFreshness"] | null;
        };
        ProviderHealth: {
            /** @example banxico */
            id: components["schemas"]["ProviderId"];
            state: components["schemas"]["FreshnessState"];
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            /** @example 2023-12-29 */
            expected: components["schemas"]["PlainDate"];
            publishes_missed: number | null;
            series_behind: number;
            series_missing: number;
            circuit_breaker: components["schemas"]["CircuitBreakerState"];
        };
        /** @example banxico */
        ProviderId: string;
        Providers: {
            providers: components["schemas"]["Provider"][];
        };
        /** @description Of its newest rate; null where nothing is published. */
        ProvidersProviderFreshness: {
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            /** @example 2023-12-29 */
            expected: components["schemas"]["PlainDate"];
            publications_missed: number | null;
            stale: boolean;
        };
        ProvidersProviderLicence: {
            name: string;
            /** Format: uri */
            url: string;
            redistribution: components["schemas"]["Redistribution"];
        };
        Quota: {
            used: number;
            limit: number;
        };
        RateComparison: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            /**
             * @description The requested date, or the newest date of any rate.
             * @example 2023-12-29
             */
            date: components["schemas"]["PlainDate"];
            rates: components["schemas"]["ComparedRate"][];
            /** @description Whether any rate is. */
            stale: boolean;
        };
        RateEvent: {
            /**
             * @description Its number, which live updates send as `id`.
             * @example 1042
             */
            seq: number;
            type: components["schemas"]["Type"];
            /**
             * @description The series.
             * @example banxico.SF43718
             */
            subject: string;
            data: components["schemas"]["RateEventData"];
            occurred_at: components["schemas"]["Instant"];
        };
        RateEventData: {
            /** @example banxico.SF43718 */
            series: string;
            /** @example USD */
            base: string;
            /** @example MXN */
            quote: string;
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /**
             * @description As published, in units of `quote` for one of `base`; null if the provider took it back.
             * @example 16.9190
             */
            rate: string | null;
            /**
             * @description The value that a revision or withdrawal replaces; of a date's first value, the one before it, at most 14 days back.
             * @example 16.9087
             */
            previous: string | null;
            /** @description Of two events about one date, the one with the higher version holds. */
            version: number;
            /** @description Whether the date had a value before. */
            revised: boolean;
            /** @description When it was stored. */
            at: components["schemas"]["Instant"];
        };
        RateOfDate: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            /** @example 2023-12-29 */
            requested_date: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"] | null;
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"] | null;
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            derived: boolean;
        };
        RateOnDate: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2023-12-29 */
            requested_date: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /**
             * @description Only with `view`: when the FIX was determined.
             * @example 2023-12-29
             */
            determination_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: when the DOF published it.
             * @example 2023-12-29
             */
            publication_date?: components["schemas"]["PlainDate"];
            /**
             * @description Only with `view`: from when it applies.
             * @example 2023-12-29
             */
            applicable_date?: components["schemas"]["PlainDate"];
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        RateRevisions: {
            /** @example USD */
            base: string;
            /** @example MXN */
            quote: string;
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            count: number;
            revisions: components["schemas"]["RateRevisionsRevision"][];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
        };
        RateRevisionsRevision: {
            /**
             * @description Null if there was none, as it was withdrawn.
             * @example 16.9190
             */
            rate: components["schemas"]["Decimal"] | null;
            /** @description Whether the provider had taken the value back. */
            withdrawn: boolean;
            /**
             * @description When it was stored.
             * @example 2024-01-02T18:00:00Z
             */
            known_from: components["schemas"]["Instant"];
            /**
             * @description When the next one was stored; null for the one that is in force.
             * @example 2024-01-02T18:00:00Z
             */
            known_until: components["schemas"]["Instant"] | null;
        };
        RatesOnDates: {
            count: number;
            /** @description Number of items without a rate. */
            missing: number;
            rates: components["schemas"]["RateOfDate"][];
            /** @description The published series behind each pair, in the order of the pairs. */
            sources: components["schemas"]["Source"][];
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        /** @enum {string} */
        Reason: "gone" | "failing";
        /** @enum {string} */
        Redistribution: "yes" | "no" | "unverified";
        Replay: {
            due: number;
        };
        ReplayWebhookRequest: {
            /** @example 2027-01-04T18:00:00Z */
            since: components["schemas"]["Instant"];
        };
        /** @enum {string} */
        Rolling: "true" | "false";
        RollingVolatility: {
            /** @example 2023-12-29 */
            date: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
            /**
             * @description Of the returns from day to day.
             * @example 0.0068727300835
             */
            daily: components["schemas"]["Decimal"];
            /**
             * @description `daily` times the square root of `factor`.
             * @example 0.1091012077747
             */
            annualised: components["schemas"]["Decimal"] | null;
        };
        RotatedSecret: {
            secret: string | null;
            /** @example 2027-01-04T18:00:00.000Z */
            previous_valid_until: components["schemas"]["Instant"];
        };
        /** @enum {string} */
        Scope: "alerts:read" | "alerts:write" | "webhooks:read" | "webhooks:write" | "stream:alerts" | "keys:write" | "admin:quarantine" | "rates:private";
        Series: {
            /** @example banxico.SF43718 */
            id: string;
            /** @example banxico */
            provider: components["schemas"]["ProviderId"];
            /** @example SF43718 */
            provider_id: string;
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            /** @description Whether a value is published on each bank day, or once a week. */
            cadence: components["schemas"]["Cadence"];
            /** @example 2023-12-29 */
            since: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            /**
             * @description The last date of a series that has ended.
             * @example 2023-12-29
             */
            until?: components["schemas"]["PlainDate"];
            /** @description For how many units of `base` the provider publishes its values. */
            unit: number;
            /** @description For providers that publish what is paid and asked, and no middle. */
            side?: components["schemas"]["Side"];
            note: string | null;
            attribution: string;
        };
        SeriesHealth: {
            /** @example banxico.SF43718 */
            id: string;
            state: components["schemas"]["FreshnessState"];
            /** @example 2023-12-29 */
            latest: components["schemas"]["PlainDate"] | null;
            publishes_missed: number | null;
            /** @description How many values wait for confirmation. */
            waiting: number;
        };
        SeriesList: {
            series: components["schemas"]["Series"][];
        };
        /**
         * @description Whether the settlement rates that Banxico publishes (SF60653) are those that are derived from its FIX. They are derived wherever they are served.
         * @enum {string}
         */
        SettlementCheck: "agrees" | "differs" | "missing" | "unknown";
        /** @enum {string} */
        Side: "buy" | "sell";
        Source: {
            /** @example banxico */
            provider: components["schemas"]["ProviderId"];
            series: string[];
            /** @example Banco de México */
            attribution: string;
            authority: components["schemas"]["Authority"];
            /**
             * Format: uri
             * @description Under which terms the provider publishes.
             */
            licence_url: string;
        };
        /** @enum {string} */
        State: "armed" | "fired" | "off";
        Statistics: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            /**
             * @description Number of fixings in the period.
             * @example 251
             */
            observations: number;
            /**
             * @description As `/rates/average`, on the business basis.
             * @example 17.733837
             */
            mean: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            median: components["schemas"]["Decimal"];
            /**
             * @description Of the rates, sample (n - 1), with 12 significant digits; null for a single observation.
             * @example 0.685488627726
             */
            standard_deviation: components["schemas"]["Decimal"] | null;
            /** @description Interpolated between the two nearest ranks, as Excel's `PERCENTILE.INC` does. */
            percentiles: components["schemas"]["StatisticsPercentiles"];
            /** @description The largest fall from a rate to a later one; null if the rate never fell. */
            max_drawdown: components["schemas"]["StatisticsMaxDrawdown"] | null;
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        /** @description The largest fall from a rate to a later one; null if the rate never fell. */
        StatisticsMaxDrawdown: {
            /**
             * @description Of the peak; positive.
             * @example 14.361437
             */
            percent: components["schemas"]["Decimal"];
            /** @example 16.9190 */
            peak: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            peak_date: components["schemas"]["PlainDate"];
            /** @example 16.9190 */
            trough: components["schemas"]["Decimal"];
            /** @example 2023-12-29 */
            trough_date: components["schemas"]["PlainDate"];
        };
        /** @description Interpolated between the two nearest ranks, as Excel's `PERCENTILE.INC` does. */
        StatisticsPercentiles: {
            /** @example 17.587200 */
            p5: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p10: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p25: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p50: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p75: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p90: components["schemas"]["Decimal"];
            /** @example 17.587200 */
            p95: components["schemas"]["Decimal"];
        };
        /** @enum {string} */
        Status: "pending" | "enabled" | "disabled";
        StreamTicket: {
            /** @example eyJhbGciOiJFUzI1NiIs… */
            ticket: string | null;
            /** @example 2027-01-04T18:00:00.000Z */
            expires_at: components["schemas"]["Instant"];
        };
        TickOfPair: {
            /** @example 2024-01-02T18:00:00Z */
            at: components["schemas"]["Instant"];
            /** @example 16.9190 */
            rate: components["schemas"]["Decimal"];
        };
        TokenError: {
            error: components["schemas"]["TokenErrorCode"];
            error_description?: string;
        };
        /** @enum {string} */
        TokenErrorCode: "invalid_request" | "invalid_client" | "invalid_scope" | "unsupported_grant_type" | "temporarily_unavailable";
        TokenRequest: {
            /** @enum {string} */
            grant_type: "client_credentials";
            /**
             * @description Separated by spaces.
             * @example alerts:read alerts:write
             */
            scope?: string;
            client_id?: string;
            client_secret?: string;
        };
        /** @enum {string} */
        Type: "rate.published" | "rate.revised" | "rate.withdrawn";
        /** @enum {string} */
        View: "fix" | "dof" | "settlement";
        Volatility: {
            /** @example USD */
            base: components["schemas"]["CurrencyCode"];
            /** @example MXN */
            quote: components["schemas"]["CurrencyCode"];
            source: components["schemas"]["Source"];
            /** @description Whether the rate is computed from published ones (an inverse or a cross). */
            derived: boolean;
            /** @description The parities that the rate is computed with, if any. */
            parity?: components["schemas"]["Parity"][];
            /** @description For each series whose values are published for several units: for how many. */
            unit?: {
                [key: string]: number;
            };
            /** @description Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not. */
            stale: boolean;
            /** @example 2023-12-29 */
            from: components["schemas"]["PlainDate"];
            /** @example 2023-12-29 */
            to: components["schemas"]["PlainDate"];
            /**
             * @description Number of returns that `daily` is computed from.
             * @example 20
             */
            n: number;
            /**
             * @description Number of returns that were asked for; null: all of the period.
             * @example 20
             */
            window: number | null;
            /**
             * @description Observations per year; null for an intraday series, which is not annualised.
             * @example 252
             */
            factor: number | null;
            /**
             * @description Of the returns from day to day.
             * @example 0.0068727300835
             */
            daily: components["schemas"]["Decimal"];
            /**
             * @description `daily` times the square root of `factor`.
             * @example 0.1091012077747
             */
            annualised: components["schemas"]["Decimal"] | null;
            /**
             * @description The last rate of the period.
             * @example 16.9190
             */
            rate: components["schemas"]["Decimal"];
            /**
             * @description Its date.
             * @example 2023-12-29
             */
            date: components["schemas"]["PlainDate"];
            /** @description For each observation that has `window` returns up to it. */
            rolling?: components["schemas"]["RollingVolatility"][];
            /**
             * @description When the response next changes; null if the period is closed.
             * @example 2024-01-02T18:00:00Z
             */
            next_update: components["schemas"]["Instant"] | null;
        };
        Webhook: {
            id: string;
            url: string;
            event_types: components["schemas"]["AccountEventType"][] | null;
            /** @description pending: a signed webhook.ping has not been answered with 2xx yet. */
            status: components["schemas"]["Status"];
            disabled_reason: components["schemas"]["Reason"] | null;
            /** @example 2027-01-04T18:00:00.000Z */
            failing_since: components["schemas"]["Instant"] | null;
            /**
             * @description Nothing is sent until then: it hangs, or asked for it.
             * @example 2027-01-04T18:00:00.000Z
             */
            paused_until: components["schemas"]["Instant"] | null;
            note: string | null;
            /** @example 2027-01-04T18:00:00.000Z */
            created_at: components["schemas"]["Instant"];
        };
    };
    responses: {
        /** @description The `ETag` still holds. No body. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                "Cache-Control": components["headers"]["CacheControl"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The request is invalid; `errors` names each parameter that is. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Credentials are missing, invalid or expired. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The credentials do not allow this. */
        Forbidden: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is nothing for this request; `detail` says what there is. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request contradicts the state of what it changes. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request body is too large. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request body is not of a type that the URL takes. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request is well formed, but can't be carried out. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request asks for no WebSocket. */
        UpgradeRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests; `Retry-After` says how long to wait. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description An error on our side. */
        InternalError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no rate to serve now; `Retry-After` says when to retry. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other problem. */
        Problem: {
            headers: {
                Allow: components["headers"]["Allow"];
                "WWW-Authenticate": components["headers"]["WWWAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description `next` of an earlier response. */
        After: number;
        /** @description Base currency: the rate is for one unit of it. */
        Base: string;
        /** @description Several base currencies; instead of `base`. */
        Bases: string[];
        Date: components["schemas"]["PlainDate"];
        /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
        Format: components["schemas"]["Format"];
        /** @description First date (inclusive). Default: a year before `to`. */
        From: components["schemas"]["PlainDate"];
        GetAlertId: string;
        Id: string;
        /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
        IdempotencyKey: string;
        /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
        IfNoneMatch: string;
        /** @description Respond as at this instant, from what was stored then. Default: now. */
        KnownAt: components["schemas"]["Instant"];
        /** @description The rates in force on this date. Default: the newest. */
        LatestRatesDate: components["schemas"]["PlainDate"];
        Limit: number;
        /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
        Locale: components["schemas"]["Locale"];
        /** @description Only of the series that the rates of these pairs are computed from; in addition to those in `series`. */
        Pairs: string[];
        /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
        Provider: string;
        /** @description Quote currency: the rate is in it. */
        Quote: string;
        /** @description Several quote currencies; instead of `quote`. */
        Quotes: string[];
        /** @description Only of these series, which `/series` lists. */
        Series: string[];
        /** @description The `id` of the last message that was received: what came after it is sent first. Default: nothing. */
        StreamAfter: string;
        /** @description A ticket of `POST /stream/tickets`, for the account's own events as well. */
        Ticket: string;
        /** @description Last date (inclusive). Default: the date of the latest observation, or today if `from` is given. */
        To: components["schemas"]["PlainDate"];
        /** @description Only these types. Default: all. */
        Types: components["schemas"]["Type"][];
        /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
        View: components["schemas"]["View"];
    };
    requestBodies: never;
    headers: {
        /**
         * @description Send it as `If-None-Match`: a 304 means that the response still holds.
         * @example "6d3f2a9c41be07d1"
         */
        ETag: string;
        /**
         * @description How long the response may be kept.
         * @example public, max-age=60
         */
        CacheControl: string;
        /**
         * @description Why a rate is older than it should be; absent if none is.
         * @example publication_missed
         */
        ParidadStale: "publication_missed" | "awaiting_confirmation" | "origin_unavailable" | "redis_and_origin_unavailable";
        /**
         * @description `Accept`, if it decided the format.
         * @example Accept
         */
        Vary: string;
        /**
         * @description A file name, for CSV and NDJSON.
         * @example attachment; filename="rates-USD-MXN.csv"
         */
        ContentDisposition: string;
        /**
         * @description Seconds to wait before the next request.
         * @example 10
         */
        RetryAfter: number;
        /**
         * @description The methods that the URL takes.
         * @example GET, HEAD, OPTIONS
         */
        Allow: string;
        /**
         * @description What kind of credentials are wanted.
         * @example Bearer realm="paridad"
         */
        WWWAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    currentRate: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Several base currencies; instead of `base`. */
                bases?: components["parameters"]["Bases"];
                /** @description Several quote currencies; instead of `quote`. */
                quotes?: components["parameters"]["Quotes"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest rate, its date, and whether a newer one is overdue. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrentRateOrRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    historicalRates: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Number of calendar days, ending on the date of the latest observation. */
                days?: number;
                /** @description First date (inclusive). */
                from?: components["schemas"]["PlainDate"];
                /** @description Last date (inclusive). Default: today, if `from` is given. */
                to?: components["schemas"]["PlainDate"];
                /** @description Return only the newest N rates; `from` in the response is then the date of the first one. */
                limit?: number;
                /** @description `previous` adds the days without a fixing, each marked with the date its rate was carried forward from. */
                fill?: components["schemas"]["Fill"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The observations of the period. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoricalRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    intradayRates: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Begin with the rate in force at this instant. Default: an hour before `to`. */
                from?: components["schemas"]["Instant"];
                /** @description The last instant. Default: now. */
                to?: components["schemas"]["Instant"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rates of the period, each with the instant from which it held. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntradayRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    crossRates: {
        parameters: {
            query?: {
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One rate for each pair, with the instant from which it held. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CrossRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    averageRate: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description `business`: mean of the observations. `calendar`: mean over all calendar days, with rates carried forward. */
                basis?: components["schemas"]["Basis"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description `1d` to `366d`: that many calendar days, ending on the date of the latest observation. `2023-11`: a month. */
                window: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mean, rounded once, half-even, to as many decimals as the pair's rates have and at least 6. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AverageRate"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    rateOnDate: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                date: components["parameters"]["Date"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rate, with the requested date and the date it was determined. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateOnDate"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    ratesOnDates: {
        parameters: {
            query: {
                /** @description The dates, in any order. */
                dates: components["schemas"]["PlainDate"][];
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Several base currencies; instead of `base`. */
                bases?: components["parameters"]["Bases"];
                /** @description Several quote currencies; instead of `quote`. */
                quotes?: components["parameters"]["Quotes"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One item per pair and date, in the order of the request; without a rate, `date` and `rate` are null. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RatesOnDates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    rateRevisions: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                date: components["parameters"]["Date"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rates of the date, in the order in which they were known. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateRevisions"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    cfdiRate: {
        parameters: {
            query?: {
                /** @description When the tax is caused. Default: today in Mexico City. */
                date?: components["schemas"]["PlainDate"];
                /** @description The dates, in any order. */
                dates?: components["schemas"]["PlainDate"][];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rate, the reasoning in English and Spanish, and a link that stays true if the rate is corrected later. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CfdiRate"] | components["schemas"]["CfdiRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    convert: {
        parameters: {
            query: {
                /** @description Code of a currency that `/currencies` lists, in upper or lower case. */
                from: string;
                /** @description Code of a currency that `/currencies` lists, in upper or lower case. */
                to: string;
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                amount: string;
                /** @description Convert at the rate in force on this date. Default: the current rate. */
                date?: components["schemas"]["PlainDate"];
                /** @description By which date the FIX is listed (USD/MXN and MXN/USD of banxico only): `fix`, of its determination; `dof`, of its publication in the Diario Oficial; `settlement`, from which it applies, as SF60653. Adds these dates to the response. */
                view?: components["parameters"]["View"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The amount converted, rounded once, with the rate used. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversion"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    volatility: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Number of returns, the newest. Default: all of the period if `from` is given, else 20. */
                window?: number;
                /** @description First date (inclusive). Default: a year before `to`. */
                from?: components["parameters"]["From"];
                /** @description Last date (inclusive). Default: the date of the latest observation, or today if `from` is given. */
                to?: components["parameters"]["To"];
                /** @description `true` adds the volatility of `window` returns (default 20) on each date of the period, whose default is then a year. */
                rolling?: components["schemas"]["Rolling"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The volatility, daily and annualised, and with `rolling` that of each date. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volatility"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    bars: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description The length of a bar. */
                interval?: components["schemas"]["Interval"];
                /** @description First date (inclusive). Default: the start of the interval that the date a year before `to` is in. */
                from?: components["schemas"]["PlainDate"];
                /** @description Last date (inclusive). Default: the date of the latest observation, or today if `from` is given. */
                to?: components["parameters"]["To"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bars of the period, ascending. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bars"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    change: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description First date (inclusive). Default: a year before `to`. */
                from?: components["parameters"]["From"];
                /** @description Last date (inclusive). Default: the date of the latest observation, or today if `from` is given. */
                to?: components["parameters"]["To"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first and last rate, the change, absolute and in percent, and the extremes with their dates. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Change"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    statistics: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description First date (inclusive). Default: a year before `to`. */
                from?: components["parameters"]["From"];
                /** @description Last date (inclusive). Default: the date of the latest observation, or today if `from` is given. */
                to?: components["parameters"]["To"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Mean, median, standard deviation, percentiles and the largest fall. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    latestRates: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Only these currencies. Default: all. */
                quotes?: string[];
                /** @description The rates in force on this date. Default: the newest. */
                date?: components["parameters"]["LatestRatesDate"];
                /** @description Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available. */
                provider?: components["parameters"]["Provider"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A rate for each currency, with its date and provider. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestRates"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    compareRates: {
        parameters: {
            query?: {
                /** @description Base currency: the rate is for one unit of it. */
                base?: components["parameters"]["Base"];
                /** @description Quote currency: the rate is in it. */
                quote?: components["parameters"]["Quote"];
                /** @description The rates in force on this date. Default: the newest. */
                date?: components["parameters"]["LatestRatesDate"];
                /** @description Respond as at this instant, from what was stored then. Default: now. */
                known_at?: components["parameters"]["KnownAt"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row for each provider, the one that answers by default first. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RateComparison"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    currencies: {
        parameters: {
            query?: {
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Codes, names, minor units, first and latest date, and the providers that have each. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Currencies"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    series: {
        parameters: {
            query?: {
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each series with its provider, first and latest date. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesList"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    providers: {
        parameters: {
            query?: {
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each provider with its authority, licence and attribution, when it publishes, and how fresh its rates are. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Providers"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    bankCalendar: {
        parameters: {
            query?: {
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                provider: string;
                year: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The year's closed weekdays, and when a rate is announced on the others. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BankCalendar"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description Only events with a higher number. Default: from the beginning. */
                after?: number;
                /** @description How many events at most. */
                limit?: number;
                /** @description Only these types. Default: all. */
                types?: components["parameters"]["Types"];
                /** @description Only of these series, which `/series` lists. */
                series?: components["parameters"]["Series"];
                /** @description Only of the series that the rates of these pairs are computed from; in addition to those in `series`. */
                pairs?: components["parameters"]["Pairs"];
                /** @description Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`. */
                format?: components["parameters"]["Format"];
                /** @description Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`. */
                locale?: components["parameters"]["Locale"];
            };
            header?: {
                /** @description The `ETag` of a response that you have: if it still holds, the response is a 304 without a body. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events after a number, oldest first; `next` is where to go on, also if none matched. With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    "Paridad-Stale": components["headers"]["ParidadStale"];
                    Vary: components["headers"]["Vary"];
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                    "text/csv": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    stream: {
        parameters: {
            query?: {
                /** @description The `id` of the last message that was received: what came after it is sent first. Default: nothing. */
                after?: components["parameters"]["StreamAfter"];
                /** @description A ticket of `POST /stream/tickets`, for the account's own events as well. */
                ticket?: components["parameters"]["Ticket"];
                /** @description Only these types. Default: all. */
                types?: components["parameters"]["Types"];
                /** @description Only of these series, which `/series` lists. */
                series?: components["parameters"]["Series"];
                /** @description Only of the series that the rates of these pairs are computed from; in addition to those in `series`. */
                pairs?: components["parameters"]["Pairs"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events that does not end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    socket: {
        parameters: {
            query?: {
                /** @description The `id` of the last message that was received: what came after it is sent first. Default: nothing. */
                after?: components["parameters"]["StreamAfter"];
                /** @description A ticket of `POST /stream/tickets`, for the account's own events as well. */
                ticket?: components["parameters"]["Ticket"];
                /** @description Only these types. Default: all. */
                types?: components["parameters"]["Types"];
                /** @description Only of these series, which `/series` lists. */
                series?: components["parameters"]["Series"];
                /** @description Only of the series that the rates of these pairs are computed from; in addition to those in `series`. */
                pairs?: components["parameters"]["Pairs"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection becomes a WebSocket. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The same over HTTP/2 and HTTP/3 (RFC 8441, RFC 9220). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            426: components["responses"]["UpgradeRequired"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    requestToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description The token, and what it may be used for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description The request is invalid, or the key does not have the scope. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenError"];
                };
            };
            /** @description There is no such key, or it is no longer in force. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenError"];
                };
            };
            /** @description Too many tokens for one key; `Retry-After` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenError"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    currentAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account that the token stands for, what the token may do, and how much of the plan is in use. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys that are not revoked, oldest first, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        responses: {
            /** @description The key, with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listAlerts: {
        parameters: {
            query?: {
                /** @description `next` of an earlier response. */
                after?: components["parameters"]["After"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alerts of the account, in the order of their creation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAlertsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    createAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAlertRequest"];
            };
        };
        responses: {
            /** @description The alert. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listAlertEvents: {
        parameters: {
            query?: {
                /** @description `next` of an earlier response. */
                after?: components["parameters"]["After"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events of the account after one of them, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountEvents"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    getAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["GetAlertId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alert. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["GetAlertId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    changeAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["GetAlertId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeAlertRequest"];
            };
        };
        responses: {
            /** @description The alert as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alert"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listEventsOfAlert: {
        parameters: {
            query?: {
                /** @description `next` of an earlier response. */
                after?: components["parameters"]["After"];
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path: {
                id: components["parameters"]["GetAlertId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each time that the alert has fired, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountEvents"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. A repeated request with the same `Idempotency-Key` returns null in its place. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks of the account, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListWebhooksResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook, without its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    pingWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it was before the ping. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    enableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it is now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret, and until when the one before signs too unless the secret is rotated again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayWebhookRequest"];
            };
        };
        responses: {
            /** @description How many are due. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description `next` of an earlier response. */
                before?: number;
            };
            header?: never;
            path: {
                id: components["parameters"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deliveries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListDeliveriesResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the request for 24 hours: sent again, it is not carried out again, and has the first response. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery as it is now. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
            default: components["responses"]["Problem"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rates are served; `level` says how well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            /** @description There is no rate to serve. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
