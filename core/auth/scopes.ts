/** What a key or a token may be used for, and how the documentation says it. */
export const SCOPES = {
  "alerts:read": "Read alerts and their history.",
  "alerts:write": "Create, change and delete alerts.",
  "webhooks:read": "Read webhook endpoints and their deliveries.",
  "webhooks:write": "Create, change and delete webhook endpoints, and repeat deliveries.",
  "stream:alerts": "Receive the account's own events over a live connection.",
  "keys:write": "List, create and revoke the account's keys.",
  "admin:quarantine": "Decide on values that wait in quarantine.",
  "rates:private": "Read providers whose licence forbids redistribution.",
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as readonly Scope[];

export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text);
}

/** The scopes in a list separated by spaces, each once; what is none of ours is left out. */
export function scopesIn(text: string): Scope[] {
  return [...new Set(text.split(" ").filter(isScope))];
}
