/**
 * What the bundle has in place of @hono/zod-openapi (wrangler.toml aliases the package to this file): schemas without
 * what the OpenAPI document says of them. `npm run openapi` writes the document that is served.
 */

import { z } from "zod";

// Every schema that Zod makes takes over what the prototype of all types has.
Object.assign(z.ZodType.prototype, {
  openapi(this: z.ZodType): z.ZodType {
    return this;
  },
});

export { z };
