import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../canvas/static/canvas/", import.meta.url);
const LONGEST = 250;

const ENTRANCE = ["frames", "input", "keyboard", "pointer", "socket", "wheel"];
const STATE = [
  "actions", "alarms", "backoff", "board", "charges", "connection", "cooldown", "ease", "emitter",
  "english", "german", "gesture", "glide", "hand", "link", "palette", "permalink", "placements",
  "protocol", "pulse", "session", "shrink", "stream", "strings", "view", "viewport",
];
const EXIT = [
  "address", "alerts", "dock", "dom", "http", "hud", "lookup", "menu", "minimap", "overlay",
  "panels", "people", "renderer", "report", "settings", "share", "symbols", "tiles", "toasts", "translate",
];
const MAY_IMPORT = [
  [ENTRANCE, [...ENTRANCE, ...STATE]],
  [STATE, STATE],
  [EXIT, [...EXIT, ...STATE]],
  [["main"], [...ENTRANCE, ...STATE, ...EXIT]],
];
const BROWSER = /\b(document|window|navigator|localStorage|requestAnimationFrame|fetch|WebSocket|setTimeout|Date)\b[.(]/;

const sources = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".js"))
    .map((file) => [file.slice(0, -3), readFileSync(new URL(file, FOLDER), "utf8")]),
);

function importsOf(source) {
  return [...source.matchAll(/^(?:import|export)[^;]*?from "([^"]+)";/gms)].map(([, path]) => path);
}

test("every module has its place in the layers", () => {
  const placed = MAY_IMPORT.flatMap(([modules]) => modules).sort();
  assert.deepEqual(placed, [...sources.keys()].sort());
});

for (const [modules, allowed] of MAY_IMPORT) {
  for (const name of modules) {
    test(`${name}.js imports only what its layer may`, () => {
      for (const path of importsOf(sources.get(name))) {
        const imported = /^\.\/(\w+)\.js$/.exec(path)?.[1];
        assert.ok(imported, `"${path}" is not a relative module`);
        assert.ok(allowed.includes(imported), `${name}.js may not import ${imported}.js`);
      }
    });
  }
}

test("state knows no browser", () => {
  for (const name of STATE) {
    const code = sources.get(name).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, BROWSER, `${name}.js`);
  }
});

test("modules are short", () => {
  for (const [name, source] of sources) {
    const lines = source.split("\n").length;
    assert.ok(lines <= LONGEST, `${name}.js has ${lines} lines`);
  }
});

test("imports are static and end with a semicolon: the manifest storage rewrites only those", () => {
  for (const [name, source] of sources) {
    const code = source.replace(/\/\*[^]*?\*\//g, "");
    assert.doesNotMatch(code, /\bimport\(/, `${name}.js`);
    assert.equal(code.match(/^import\b/gm)?.length ?? 0, importsOf(code).length, `${name}.js`);
  }
});

test("nothing reloads the page or leaves it", () => {
  for (const [name, source] of sources) {
    assert.doesNotMatch(source, /location\.(reload|assign|replace)|location(\.href)? = /, `${name}.js`);
  }
});

test("nothing makes markup or code of text", () => {
  const makers = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser/;
  for (const [name, source] of sources) assert.doesNotMatch(source, makers, `${name}.js`);
});
