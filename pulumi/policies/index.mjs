// Pulumi's host for policy packs compiles what it is told to run with a TypeScript of its own, which knows nothing of
// this project's. It leaves this file alone, and Node itself reads the rest.
import "./pack.ts";
