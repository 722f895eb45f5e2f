import { Hono } from "hono";
import { readCommandLine, wholeNumber } from "../../../origin/command-line.ts";
import { runSimulator, type SimulatorEnv, serveSimulator } from "../../simulators/server.ts";
import { localAccount } from "./account.ts";

const USAGE = `Usage: npx node tools/dev/receiver/main.ts --state-dir FOLDER [--port 8791]
What a customer runs, on this machine only. GET /account: a ready-made account, in the database that DATABASE_URL names.`;

await runSimulator("Receiver", async () => {
  const { values } = readCommandLine(USAGE, {
    port: { type: "string", default: "8791" },
    "state-dir": { type: "string", default: ".paridad" },
  });
  const app = new Hono<SimulatorEnv>();
  let latest: Promise<unknown> = Promise.resolve();
  app.get("/account", async (c) => {
    // One after the other, or two requests at once would make two accounts.
    const account = latest.then(() => localAccount(values["state-dir"], process.env.DATABASE_URL ?? "", Date.now()));
    latest = account.catch(() => undefined);
    // The database may not have its tables yet: the next request tries again.
    const found = await account.catch(() => undefined);
    return found ? c.json(found) : c.json({ error: "the origin is not ready" }, 503);
  });
  return serveSimulator(app, wholeNumber("port", values.port, { min: 0, max: 65_535 }));
});
