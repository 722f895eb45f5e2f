import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** The import law: worker → core ← origin, tools above all, one home for each vendor's SDK, small files, shallow folders. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HOSTS = ["core", "worker", "origin", "pulumi"] as const;
const FOLDERS = [...HOSTS, "tools", "test"] as const;
type Host = (typeof HOSTS)[number];
type Folder = (typeof FOLDERS)[number];

const MAX_LINES = 250;
const MAX_DEPTH = 2;

/** Longer than that today. Nothing joins them: a file that is shortened or split leaves the list. */
const LONGER = [
  "test/origin/internal.test.ts",
  "test/origin/store-readings.conformance.ts",
  "test/origin/store.conformance.ts",
  "test/simulators/banxico.test.ts",
  "test/simulators/upstash.test.ts",
  "test/system/security.test.ts",
  "test/unit/providers/banxico-responses.test.ts",
  "tools/fuzz/hostile.ts",
  "tools/simulators/upstash/memory.ts",
];

/** Not modules of ours but a package under another name, for the bundler: it forwards by nature. */
const ALIASES = ["worker/zod.ts", "worker/zod-to-openapi.ts"];

/** What core may stand on; everything else would tie it to a host. */
const CORE_MAY: readonly string[] = ["zod", "hono", "@hono/zod-openapi"];

/** Where a vendor is met: a whole folder where its API is the material that files are made of. */
const WIDE: Record<Host, readonly string[]> = {
  core: ["zod", "@hono/zod-openapi", "hono"],
  worker: ["zod", "hono"],
  origin: ["zod", "hono", "drizzle-orm"],
  pulumi: ["zod", "@pulumi/pulumi", "@pulumi/aws", "@pulumi/policy"],
};

interface Import {
  specifier: string;
  /** The path from the repository's root; undefined for a package or a module of the runtime. */
  target: string | undefined;
  isType: boolean;
}

interface Source {
  path: string;
  host: Folder;
  lines: number;
  imports: Import[];
  isBarrel: boolean;
}

const sources = FOLDERS.flatMap((host) =>
  existsSync(join(ROOT, host)) ? filesUnder(host).map((path) => read(path, host)) : [],
);
const of = (host: Folder) => sources.filter((source) => source.host === host);

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules") && !ALIASES.includes(path))
    .sort();
}

function read(path: string, host: Folder): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean) => {
    if (node && ts.isStringLiteral(node))
      imports.push({ specifier: node.text, target: targetOf(node.text, path), isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isOnlyTypes(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const isBarrel = file.statements.some(ts.isExportDeclaration) && file.statements.every(isForwarding);
  return { path, host, lines: text.split("\n").length - 1, imports, isBarrel };
}

function isForwarding(statement: ts.Statement): boolean {
  return ts.isImportDeclaration(statement) || (ts.isExportDeclaration(statement) && !!statement.moduleSpecifier);
}

/** Whether an import leaves nothing behind when types are stripped. */
function isOnlyTypes({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = importClause.namedBindings;
  return !importClause.name && !!named && ts.isNamedImports(named) && named.elements.every((name) => name.isTypeOnly);
}

function targetOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith("#core/")) return `core/${specifier.slice("#core/".length)}`;
  return specifier.startsWith(".") ? normalize(join(dirname(from), specifier)) : undefined;
}

/** "@scope/name/sub" → "@scope/name"; undefined for files and the runtime's own modules. */
function packageOf({ specifier, target }: Import): string | undefined {
  if (target !== undefined || /^(node|cloudflare):/.test(specifier)) return undefined;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Files that may be imported from where they are: those of the host itself, and of core. */
function strays(host: Folder, allowed: readonly string[]): string[] {
  return of(host).flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => target !== undefined && !allowed.some((folder) => target.startsWith(`${folder}/`)))
      .filter(({ target }) => target !== "package.json")
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
}

describe("imports run one way", () => {
  it("finds the files it speaks of", () => {
    for (const host of ["core", "worker", "origin"] as const) expect(of(host).length).toBeGreaterThan(5);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
  });

  it.each<[Folder, readonly string[]]>([
    ["core", ["core"]],
    ["worker", ["core", "worker"]],
    ["origin", ["core", "origin"]],
    ["pulumi", ["core", "pulumi"]],
    ["tools", ["core", "worker", "origin", "pulumi", "tools"]],
  ])("%s imports files of %o alone", (host, allowed) => expect(strays(host, allowed)).toEqual([]));

  it("core stands on three packages and nothing of a runtime", () => {
    const foreign = of("core").flatMap(({ path, imports }) =>
      imports
        .filter((found) => found.target === undefined && !CORE_MAY.includes(packageOf(found) ?? ""))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(foreign).toEqual([]);
  });

  it("the worker uses nothing of Node", () => {
    const used = of("worker").flatMap(({ path, imports }) =>
      imports.filter(({ specifier }) => specifier.startsWith("node:")).map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(used).toEqual([]);
  });

  it("every file that is imported exists, under its full name", () => {
    const lost = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== undefined && !existsSync(join(ROOT, target)))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(lost).toEqual([]);
  });

  it("hosts reach core by its name, not by a path", () => {
    const byPath = sources.flatMap(({ path, host, imports }) =>
      imports
        .filter(({ specifier, target }) => host !== "core" && target?.startsWith("core/") && specifier.startsWith("."))
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
    expect(byPath).toEqual([]);
  });
});

describe("vendors", () => {
  it.each(HOSTS)("each SDK is met in one file of %s", (host) => {
    const homes = new Map<string, string[]>();
    // Settings of a tool are read by the tool, each by itself.
    for (const { path, imports } of of(host).filter((source) => !source.path.endsWith(".config.ts")))
      for (const name of new Set(imports.map(packageOf)))
        if (name !== undefined && !WIDE[host].includes(name)) homes.set(name, [...(homes.get(name) ?? []), path]);
    expect([...homes].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it("what is imported is declared", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const atRunTime = sources.flatMap(({ imports }) => imports.filter(({ isType }) => !isType).map(packageOf));
    const names = [...new Set(atRunTime)].filter((name) => name !== undefined);
    const declared = { ...dependencies, ...devDependencies };
    expect(names.filter((name) => !(name in declared))).toEqual([]);
  });
});

describe("files", () => {
  it("import each other in no circle", () => {
    const targets = new Map(
      sources.map(({ path, imports }) => [
        path,
        imports.filter(({ isType, target }) => !isType && target !== undefined).map(({ target }) => target as string),
      ]),
    );
    const finished = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, way: string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(" → "));
      if (finished.has(path) || way.includes(path)) return;
      for (const next of targets.get(path) ?? []) walk(next, [...way, path]);
      finished.add(path);
    };
    for (const path of targets.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });

  it("are no barrels", () => {
    expect(sources.filter(({ isBarrel }) => isBarrel).map(({ path }) => path)).toEqual([]);
  });

  it(`have at most ${MAX_LINES} lines, tools and tests too`, () => {
    const long = sources.filter(({ lines }) => lines > MAX_LINES).map(({ path }) => path);
    expect(long.filter((path) => !LONGER.includes(path))).toEqual([]);
    expect(LONGER.filter((path) => !long.includes(path))).toEqual([]);
  });

  it(`lie at most ${MAX_DEPTH} folders deep in their host`, () => {
    const deep = sources
      .filter(({ host }) => host !== "test")
      .map(({ path }) => dirname(path))
      .filter((folder) => folder.split("/").length - 1 > MAX_DEPTH);
    expect([...new Set(deep)]).toEqual([]);
  });
});
