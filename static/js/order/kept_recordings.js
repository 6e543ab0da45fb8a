// @ts-check
/** Recordings that are not with the server yet, kept in the browser's database so that a reload of the page does not lose them. */

const TABLE = "recordings";
const FRESH_MS = 15 * 60_000;

/** @typedef {{ key: string, contentType: string, rateHz: number | null, audio: Blob }} Kept */

export class KeptRecordings {
  #slug;
  #factory;
  /** @type {Promise<IDBDatabase | null> | null} */
  #database = null;

  /** @param {string} slug @param {IDBFactory | undefined} [factory] */
  constructor(slug, factory = globalThis.indexedDB) {
    this.#slug = slug;
    this.#factory = factory;
  }

  /** @param {Kept} kept */
  put(kept) {
    void this.#run("readwrite", (table) => table.put({ ...kept, slug: this.#slug, at: Date.now() }));
  }

  /** @param {string} key */
  remove(key) {
    void this.#run("readwrite", (table) => table.delete(key));
  }

  /** This restaurant's, and only fresh ones; all of them are forgotten here. @returns {Promise<Kept[]>} */
  async takeAll() {
    /** @type {(Kept & { slug: string, at: number })[]} */
    const all = (await this.#run("readonly", (table) => table.getAll())) ?? [];
    const own = all.filter(({ slug }) => slug === this.#slug);
    for (const { key } of own) this.remove(key);
    return own.filter(({ at }) => Date.now() - at < FRESH_MS);
  }

  /**
   * Without a database (private windows, storage blocked) a recording lives as long as its page.
   * @param {IDBTransactionMode} mode @param {(table: IDBObjectStore) => IDBRequest} work @returns {Promise<any>}
   */
  async #run(mode, work) {
    this.#database ??= open(this.#factory);
    const database = await this.#database;
    if (!database) return undefined;
    return new Promise((resolve) => {
      const request = work(database.transaction(TABLE, mode).objectStore(TABLE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    });
  }
}

/** @param {IDBFactory | undefined} factory @returns {Promise<IDBDatabase | null>} */
function open(factory) {
  return new Promise((resolve) => {
    try {
      const request = /** @type {IDBFactory} */ (factory).open("comanda", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}
