import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Whether an Authorization header bears one of `tokens`, checked in constant time. */
export function tokenCheck(tokens: readonly string[]): (authorization: string | undefined) => boolean {
  // Digests under a random key have one length and reveal nothing about the tokens.
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const valid = tokens.map((token) => digest(`Bearer ${token}`));
  return (authorization) => {
    const given = digest(authorization?.replace(/^bearer /i, "Bearer ") ?? "");
    let isValid = false;
    for (const each of valid) isValid = timingSafeEqual(each, given) || isValid;
    return isValid;
  };
}
