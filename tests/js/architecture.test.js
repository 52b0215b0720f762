import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const CANVAS = "canvas/static/canvas/";
const ENTRY = "pixelsite/static/pixelsite/page.js";
const LONGEST_MODULE = 250; // lines

/** Each folder of the canvas's modules, and the folders that it may import. */
const MAY_IMPORT = {
  main: ["main", "ui", "draw", "input", "net", "state", "sync", "lib", "i18n"],
  ui: ["ui", "state", "sync", "lib", "i18n"],
  draw: ["draw", "state", "sync", "lib", "i18n"],
  input: ["input", "sync", "lib"],
  net: ["net", "sync", "lib"],
  state: ["state", "sync", "lib", "i18n"],
  sync: ["sync", "lib", "i18n"],
  lib: ["lib"],
  i18n: ["i18n"],
};
const WITH_A_BROWSER = ["main", "ui", "draw", "input", "net"];
const BROWSER = new RegExp(
  `(?<![.#\\w])(?:${[
    "document", "window", "navigator", "location", "history", "localStorage", "sessionStorage",
    "fetch", "WebSocket", "Worker", "setTimeout", "setInterval", "clearTimeout", "performance",
    "requestAnimationFrame", "crypto", "Date", "Image", "ImageData",
  ].join("|")})[.(]`,
);

/** @param {string} folder @param {string} ending @returns {string[]} paths from the root */
function filesIn(folder, ending) {
  return readdirSync(new URL(folder, ROOT), { recursive: true })
    .filter((file) => file.endsWith(ending))
    .map((file) => folder + file)
    .sort();
}

/** @param {string} path @returns {string} */
function read(path) {
  return readFileSync(new URL(path, ROOT), "utf8");
}

const modules = new Map(filesIn(CANVAS, ".js").map((path) => [path, read(path)]));
const sources = new Map([...modules, [ENTRY, read(ENTRY)]]);

/** The folder that a module lies in; those beside the folders are `main`. */
function folderOf(path) {
  const [folder, name, ...deeper] = path.slice(CANVAS.length).split("/");
  assert.deepEqual(deeper, [], `${path} lies too deep`);
  return name ? folder : "main";
}

/** The source without its comments. */
function codeOf(source) {
  return source.replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, "");
}

/** Paths that a source imports, types in comments too. */
function importsOf(source) {
  return [...source.matchAll(/\b(?:from|import) ?\(?"([^"]+)"/g)].map(([, path]) => path);
}

/** The path from the root of an imported module: all apps' static folders are served as one. */
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

test("the page's entry imports only main modules", () => {
  const imported = importsOf(read(ENTRY)).map((path) => resolve(path, ENTRY));
  assert.ok(imported.length > 0);
  for (const path of imported) assert.equal(folderOf(path), "main", path);
});

test("only some folders know a browser", () => {
  for (const [path, source] of modules) {
    if (WITH_A_BROWSER.includes(folderOf(path))) continue;
    assert.doesNotMatch(codeOf(source), BROWSER, path);
  }
});

test("modules are short", () => {
  for (const [path, source] of sources) {
    const lines = source.split("\n").length - 1;
    assert.ok(lines <= LONGEST_MODULE, `${path} has ${lines} lines`);
  }
});

test("imports end with a semicolon, or name one module: the manifest storage rewrites only those", () => {
  for (const [path, source] of sources) {
    const code = codeOf(source);
    const written = code.match(/\bimport\b|\bexport\b[^;=({]*\bfrom\b/g)?.length ?? 0;
    const rewritten = code.match(/^(?:import|export)\b[^;"]*\bfrom "[^"]+";$|\bimport\("[^"]+"\)/gm);
    assert.equal(rewritten?.length ?? 0, written, path);
  }
});

test("nothing reloads the page or leaves it", () => {
  for (const [path, source] of sources) {
    assert.doesNotMatch(source, /location\.(reload|assign|replace)|location(\.href)? = /, path);
  }
});

test("nothing makes markup or code of text", () => {
  const makers = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser/;
  for (const [path, source] of sources) assert.doesNotMatch(source, makers, path);
});
