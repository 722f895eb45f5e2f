/** Every secret of a stack, with what it is for. A recovery copies these too. */
export const SECRET_USES = {
  "edge-token": "Bearer token between worker and origin; the previous version stays valid",
  "token-keys": "Keys that sign access tokens; no value, or -, turns the private API off",
  "deliver-token": "Bearer token of the delivering worker; no value, or -: no webhooks",
  "webhook-key": "Key that webhooks' secrets are stored under; no value, or -: no webhooks",
  "metrics-token": "What GET /metrics requires; no value, or -, turns it off",
  "sentry-dsn": "Where the origin reports errors; the value - turns reports off",
  "database-user": "Password of the service's own database user",
  // Only the worker asks Banxico; its token is kept here so that the edge's deployment can take it from one place.
  "banxico-token": "Token of the Banxico SIE API, for the worker",
} as const;

export type SecretUse = keyof typeof SECRET_USES;

export const SECRET_NAMES = Object.keys(SECRET_USES) as SecretUse[];
