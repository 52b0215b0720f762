/** The blueprints that this browser keeps, in IndexedDB. They never leave it. */

import { believed } from "./believing.js";

/** @import { Blueprint } from "../model/shelf.js" */

const NAME = "pixelsite-blueprints";
const TABLE = "blueprints";
const VERSION = 1;
/** Begins the key of a canvas's order. */
const ORDER = "pixelsite-blueprints-order-";

/** @typedef {Blueprint & {canvas: string}} Row */

export class Store {
  #canvas;
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;

  /** @param {string} canvas its slug */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /**
   * Return the blueprints of this canvas that can be believed, from above to below; reject where
   * the browser keeps nothing.
   * @returns {Promise<Blueprint[]>}
   */
  async load() {
    const database = await this.#open();
    const table = database.transaction(TABLE).objectStore(TABLE);
    const rows = await answer(table.index("canvas").getAll(this.#canvas));
    const ids = this.#order();
    return rows
      .map(believed)
      .filter((row) => row !== null)
      .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  }

  /**
   * Keep the order, apart from the pictures: it changes more often.
   * @param {string[]} ids from above to below
   */
  arrange(ids) {
    try {
      localStorage.setItem(ORDER + this.#canvas, JSON.stringify(ids));
    } catch {
      // Private windows may refuse; nothing is kept there anyway.
    }
  }

  /** @returns {unknown[]} */
  #order() {
    try {
      const ids = JSON.parse(localStorage.getItem(ORDER + this.#canvas) ?? "[]");
      return Array.isArray(ids) ? ids : [];
    } catch {
      return [];
    }
  }

  /**
   * Keep one.
   * @param {Blueprint} blueprint
   */
  async keep(blueprint) {
    const database = await this.#open();
    const table = database.transaction(TABLE, "readwrite").objectStore(TABLE);
    await answer(table.put({ ...blueprint, canvas: this.#canvas }));
  }

  /** @param {string} id */
  async forget(id) {
    const database = await this.#open();
    await answer(database.transaction(TABLE, "readwrite").objectStore(TABLE).delete(id));
  }

  #open() {
    this.#database ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, VERSION);
      request.onupgradeneeded = () => {
        const table = request.result.createObjectStore(TABLE, { keyPath: "id" });
        table.createIndex("canvas", "canvas");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error("blocked"));
    });
    this.#database.catch(() => {
      this.#database = null;
    });
    return this.#database;
  }
}

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
