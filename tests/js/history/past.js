/** The past of the fixture, as a server tells it that may lie. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { Archive } from "../../../history/static/history/archive/archive.js";

/** @import { Listing } from "../../../history/static/history/archive/archive.js" */

/**
 * @typedef {object} Past
 * @property {Listing} listing
 * @property {Record<string, string>} files base64 by name
 * @property {number[]} times ms since 1970, of each placement
 * @property {number[]} flags
 * @property {string[]} boards SHA-256 of the board at each seq
 * @property {string[]} shown the same, of what may be shown
 */

/** @type {Past} */
export const PAST = JSON.parse(readFileSync(new URL("past.json", import.meta.url), "utf8"));
export const LAST = PAST.times.length;

/** @param {string} name */
export function fileOf(name) {
  return Uint8Array.from(Buffer.from(PAST.files[name], "base64"));
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Make an answer as the archive gets it.
 * @param {string | Uint8Array<ArrayBuffer>} body
 * @param {number} [status]
 */
export function answer(body, status = 200) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { status, bytes };
}

/**
 * Make an archive that is told the past of the fixture, and what it asked for.
 * @param {(name: string, fresh: boolean) => Uint8Array<ArrayBuffer> | null} [lie] null: the truth
 */
export function archive(lie = () => null) {
  /** @type {string[]} */
  const asked = [];
  const told = new Archive({
    fetch: async (path, fresh) => {
      if (path.startsWith("?")) {
        const since = Number(new URLSearchParams(path).get("since"));
        const segments = PAST.listing.segments.filter((each) => each.first_seq > since);
        return answer(JSON.stringify({ ...PAST.listing, segments }));
      }
      const name = path.slice(1);
      asked.push(fresh ? `${name} anew` : name);
      return answer(lie(name, fresh) ?? fileOf(name));
    },
    digest: (bytes) => crypto.subtle.digest("SHA-256", bytes),
  });
  return { archive: told, asked };
}
