import { readCommandLine, UsageError, wholeNumber } from "../../../origin/command-line.ts";
import { runSimulator } from "../server.ts";
import { startPlanetScale } from "./simulator.ts";

const USAGE = `Usage: npx node tools/simulators/planetscale/main.ts --mysql-url URL [options]
  --mysql-url URL   the MySQL behind it, e.g. mysql://root@127.0.0.1:3306/paridad
  --port PORT       8791
  --username NAME   paridad
  --password TEXT   local`;

await runSimulator("PlanetScale", async () => {
  const { values } = readCommandLine(USAGE, {
    port: { type: "string", default: "8791" },
    "mysql-url": { type: "string" },
    username: { type: "string", default: "paridad" },
    password: { type: "string", default: "local" },
  });
  const mysqlUrl = values["mysql-url"];
  if (mysqlUrl === undefined) throw new UsageError("--mysql-url is needed, e.g. mysql://root@127.0.0.1:3306/paridad");
  const { username, password } = values;
  return startPlanetScale({
    port: wholeNumber("port", values.port, { min: 0, max: 65_535 }),
    mysqlUrl,
    username,
    password,
  });
});
