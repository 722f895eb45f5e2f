import { parseArgs } from "node:util";
import { commandLine, runSimulator, wholeNumber } from "../server.ts";
import { startPlanetScale } from "./simulator.ts";

await runSimulator("PlanetScale", async () => {
  const { values } = parseArgs({
    args: commandLine(),
    options: {
      port: { type: "string", default: "8791" },
      "mysql-url": { type: "string" },
      username: { type: "string", default: "paridad" },
      password: { type: "string", default: "local" },
    },
  });
  const mysqlUrl = values["mysql-url"];
  if (mysqlUrl === undefined) throw new Error("--mysql-url is needed, e.g. mysql://root@127.0.0.1:3306/paridad");
  const { username, password } = values;
  return startPlanetScale({ port: wholeNumber("port", values.port), mysqlUrl, username, password });
});
