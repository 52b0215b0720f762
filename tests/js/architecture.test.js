import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const CANVAS = "canvas/static/canvas/";
const SHARED = ["dom", "lib", "sync"]; // folders of the canvas that features may import
const ENTRIES = ["page", "canvases"].map((name) => `pixelsite/static/pixelsite/${name}.js`);
const STAFF = filesIn("moderation/static/", /\.js$/); // on Django's pages
const ALONE = [...STAFF, "pixelsite/static/pixelsite/boot.js"];
const LONGEST_MODULE = 250; // lines
const LONGEST_LANGUAGE = 400; // lines: one list of words and names
const LONGEST_LINE = 100; // characters

/**
 * Each folder of the canvas's modules, and the folders that it may import.
 * @type {Record<string, string[]>}
 */
const MAY_IMPORT = {
  main: ["main", "ui", "dom", "draw", "input", "net", "state", "sync", "lib", "i18n"],
  ui: ["ui", "dom", "state", "sync", "lib", "i18n"],
  draw: ["draw", "state", "sync", "lib", "i18n"],
  input: ["input", "sync", "lib"],
  net: ["net", "sync", "lib"],
  state: ["state", "sync", "lib", "i18n"],
  sync: ["sync", "lib", "i18n"],
  dom: ["dom", "lib"],
  lib: ["lib"],
  i18n: ["i18n", "lib"],
};
/**
 * Each folder of the features' modules, and the folders of its own app that it may import.
 * @type {Record<string, Record<string, string[]>>}
 */
const FEATURES_MAY_IMPORT = {
  history: {
    main: ["main", "ui", "worker", "film", "board", "archive", "time", "i18n"],
    ui: ["ui", "worker", "board", "time", "i18n"],
    worker: ["worker", "film", "board", "archive"],
    film: ["film", "board", "archive"],
    board: ["board", "archive"],
    archive: ["archive"],
    time: ["time"],
    i18n: ["i18n"],
  },
  blueprints: {
    main: ["main", "ui", "draw", "convert", "store", "shared", "files", "model", "i18n"],
    ui: ["ui", "files", "model", "i18n"],
    store: ["store", "shared", "files", "model"],
    shared: ["shared", "files", "model", "i18n"],
    convert: ["convert", "files", "model"],
    draw: ["draw", "model"],
    files: ["files", "model"],
    model: ["model"],
    i18n: ["i18n"],
  },
};
const WITH_A_BROWSER = ["main", "ui", "draw", "input", "net", "dom"];
const BROWSER = new RegExp(
  `(?<![.#\\w])(?:${[
    "document",
    "window",
    "navigator",
    "location",
    "history",
    "localStorage",
    "sessionStorage",
    "fetch",
    "WebSocket",
    "Worker",
    "setTimeout",
    "setInterval",
    "clearTimeout",
    "performance",
    "requestAnimationFrame",
    "crypto",
    "Date",
    "Image",
    "ImageData",
  ].join("|")})[.(]`,
);

/**
 * Return the paths from the root of the files in a folder.
 * @param {string} folder
 * @param {RegExp} names
 */
function filesIn(folder, names) {
  return readdirSync(new URL(folder, ROOT), { encoding: "utf8", recursive: true })
    .filter((file) => names.test(file))
    .map((file) => folder + file)
    .sort();
}

/** @param {string} path */
function read(path) {
  return readFileSync(new URL(path, ROOT), "utf8");
}

const modules = new Map(filesIn(CANVAS, /\.js$/).map((path) => [path, read(path)]));
const features = new Map(
  Object.keys(FEATURES_MAY_IMPORT)
    .flatMap((app) => filesIn(`${app}/static/${app}/`, /\.js$/))
    .map((path) => [path, read(path)]),
);
const sources = new Map([...modules, ...features]);
for (const path of [...ENTRIES, ...ALONE]) sources.set(path, read(path));
const onThePage = [...sources].filter(([path]) => !STAFF.includes(path));

/**
 * Return the folder of its app that a module lies in; `main` for one beside the folders.
 * @param {string} path
 */
function folderOf(path) {
  const [folder, name, ...deeper] = path.replace(/^\w+\/static\/\w+\//, "").split("/");
  assert.deepEqual(deeper, [], `${path} lies too deep`);
  return name ? folder : "main";
}

/**
 * Return a source without its comments.
 * @param {string} source
 */
function codeOf(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");
}

/**
 * Return the paths that a source imports, those of types in comments too.
 * @param {string} source
 */
function importsOf(source) {
  return [...source.matchAll(/\b(?:from|import) ?\(?"([^"]+)"/g)].map(([, path]) => path);
}

/**
 * Return the path from the root of an imported module: all apps' folders are served as one.
 * @param {string} path
 * @param {string} importer
 */
function resolve(path, importer) {
  assert.match(path, /^\.\.?\//, `${importer}: "${path}" is not a relative module`);
  const served = importer.replace(/^\w+\/static\//, "");
  const url = new URL(path, `https://host/${served}`).pathname.slice(1);
  return `${url.split("/")[0]}/static/${url}`;
}

test("every module lies in one of the folders", () => {
  const folders = new Set([...modules.keys()].map(folderOf));
  assert.deepEqual([...folders].sort(), Object.keys(MAY_IMPORT).sort());
});

for (const [path, source] of modules) {
  test(`${path} imports only from folders that its own may import`, () => {
    const allowed = MAY_IMPORT[folderOf(path)];
    for (const each of importsOf(source)) {
      const imported = resolve(each, path);
      assert.ok(modules.has(imported), `${imported} is not there`);
      assert.ok(allowed.includes(folderOf(imported)), `${path} may not import ${imported}`);
    }
  });
}

for (const entry of ENTRIES) {
  test(`${entry} imports main modules, and features when they are opened`, () => {
    const source = read(entry);
    const later = [...source.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, path]) => path);
    for (const path of later) assert.match(resolve(path, entry), /\/main\.js$/);
    const now = importsOf(source).filter((path) => !later.includes(path));
    assert.ok(now.length > 0);
    for (const path of now) assert.equal(folderOf(resolve(path, entry)), "main", path);
  });
}

for (const [path, source] of features) {
  test(`${path} imports its own app, and of the canvas only what is shared`, () => {
    const own = path.slice(0, path.indexOf("/static/"));
    const code = importsOf(codeOf(source));
    for (const each of importsOf(source)) {
      const imported = resolve(each, path);
      assert.ok(sources.has(imported), `${imported} is not there`);
      if (imported.startsWith(`${own}/`)) {
        // A module may name the types of any other of its app.
        const allowed = FEATURES_MAY_IMPORT[own][folderOf(path)];
        if (code.includes(each))
          assert.ok(allowed?.includes(folderOf(imported)), `${path} may not import ${imported}`);
        continue;
      }
      assert.ok(imported.startsWith(CANVAS), `${path} may not import ${imported}`);
      // It may name the types of what the page hands to it.
      if (!code.includes(each)) continue;
      assert.ok(SHARED.includes(folderOf(imported)), `${path} may not import ${imported}`);
    }
  });
}

for (const path of ALONE) {
  test(`${path} imports of the canvas only what is shared`, () => {
    for (const each of importsOf(read(path))) {
      const imported = resolve(each, path);
      assert.ok(modules.has(imported), `${imported} is not there`);
      assert.ok(SHARED.includes(folderOf(imported)), `${path} may not import ${imported}`);
    }
  });
}

test("only some folders know a browser", () => {
  for (const [path, source] of modules) {
    if (WITH_A_BROWSER.includes(folderOf(path))) continue;
    assert.doesNotMatch(codeOf(source), BROWSER, path);
  }
});

test("modules are short, but for the dictionaries, which are data", () => {
  for (const [path, source] of sources) {
    if (/\/i18n\/[a-z]{2}\.js$/.test(path)) continue;
    const lines = source.split("\n").length - 1;
    const most = /\/i18n\/[a-z]{2}\.js$/.test(path) ? LONGEST_LANGUAGE : LONGEST_MODULE;
    assert.ok(lines <= most, `${path} has ${lines} lines`);
  }
});

test("imports are written as the manifest storage rewrites them", () => {
  for (const [path, source] of sources) {
    const code = codeOf(source);
    const written = code.match(/\bimport\b|\bexport\b[^;=({]*\bfrom\b/g)?.length ?? 0;
    const rewritten = code.match(
      /^(?:import|export)\b[^;"]*\bfrom "[^"]+";$|\bimport\("[^"]+"\)/gm,
    );
    assert.equal(rewritten?.length ?? 0, written, path);
    // It rewrites these in comments too, where two modules may well name each other's types.
    assert.equal(source.split("import(").length, code.split("import(").length, path);
  }
});

test("nothing escapes the types", () => {
  const escapes = /@ts-\w+|\bany\b(?=[}\]|>,)]| *\[)|\{\*\}/;
  for (const [path, source] of sources) assert.doesNotMatch(source, escapes, path);
});

test("no line is longer than 100 characters", () => {
  const apps = readdirSync(ROOT).filter((app) => existsSync(new URL(`${app}/static`, ROOT)));
  const folders = [...apps.map((app) => `${app}/static/`), "tests/js/"];
  for (const path of folders.flatMap((folder) => filesIn(folder, /\.(js|css)$/))) {
    const longest = Math.max(
      ...read(path)
        .split("\n")
        .map((line) => line.length),
    );
    assert.ok(longest <= LONGEST_LINE, `${path} has a line of ${longest} characters`);
  }
});

test("comments begin with a noun or a verb", () => {
  for (const [path, source] of sources) {
    const first = /\/\*\*\s+(?:\* )?(?:What|Where|Who|Which|How|Those)(?:ever)?\b.*/;
    assert.equal(first.exec(source)?.[0], undefined, path);
  }
});

test("nothing reloads the page or leaves it", () => {
  for (const [path, source] of onThePage) {
    assert.doesNotMatch(source, /location\.(reload|assign|replace)|location(\.href)? = /, path);
  }
});

test("nothing makes markup or code of text", () => {
  const makers =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser/;
  for (const [path, source] of onThePage) assert.doesNotMatch(source, makers, path);
});
