// Snapshot metadata with containerd's rules for keys, parents, kinds and labels (the facts are those of its
// core/snapshots/storage). Calls are synchronous and short, so each of them is atomic also among concurrent requests.
// Nothing here touches directories or mounts.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { LazypullError } from '../errors.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import { inTransaction, openDatabase } from './database.ts';
import { isLabelPath, normalizeLabels, updateLabels } from './labels.ts';
import type { Labels } from './lazy.ts';
import { NO_USAGE, type Snapshot, type SnapshotKind, type Usage } from './model.ts';

type Row = Record<string, unknown>;

const SELECT = `SELECT s.*, ifnull(p.name, '') AS parent_name FROM snapshot s LEFT JOIN snapshot p ON p.id = s.parent`;
const CHAIN = `WITH RECURSIVE chain (id, depth) AS (
    SELECT parent, 1 FROM snapshot WHERE id = ? AND parent IS NOT NULL
    UNION ALL SELECT s.parent, depth + 1 FROM chain c JOIN snapshot s ON s.id = c.id WHERE s.parent IS NOT NULL)
  SELECT s.*, ifnull(p.name, '') AS parent_name FROM chain c JOIN snapshot s ON s.id = c.id
    LEFT JOIN snapshot p ON p.id = s.parent ORDER BY c.depth`;

/** The snapshots of one consumer (a containerd, a buildkitd). */
export class SnapshotStore {
  /** Tells this store from all others, also those that were at the same path before. */
  readonly storeId: string;
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws UserError when the database can't be used. */
  constructor(path: string, options: { now?: () => number } = {}) {
    this.#database = openDatabase(path);
    this.#now = options.now ?? Date.now;
    this.storeId = String(this.#get("SELECT value FROM meta WHERE key = 'store_id'")?.['value']);
  }

  find(name: string): Snapshot | undefined {
    const row = this.#get(`${SELECT} WHERE s.name = ?`, name);
    return row && toSnapshot(row);
  }

  /** @throws LazypullError NOT_FOUND. */
  require(name: string): Snapshot {
    const snapshot = this.find(name);
    if (snapshot === undefined) throw new LazypullError('NOT_FOUND', `snapshot ${name} does not exist`);
    return snapshot;
  }

  /** The remote snapshot that stands for `ref` on top of `parent` (a name; empty for none). */
  findRemote(ref: string, parent: string): Snapshot | undefined {
    const row = this.#get(`${SELECT} WHERE s.ref = ? AND ifnull(p.name, '') = ?`, ref, parent);
    return row && toSnapshot(row);
  }

  /** All snapshots, parents before children. */
  list(): Snapshot[] {
    return this.#all(`${SELECT} ORDER BY s.id`).map(toSnapshot);
  }

  /** The committed snapshots below this one, nearest first. */
  ancestors(snapshot: Snapshot): Snapshot[] {
    return this.#all(CHAIN, snapshot.id).map(toSnapshot);
  }

  /**
   * @throws LazypullError NOT_FOUND without the parent, INVALID_ARGUMENT when the parent is not committed or the key is
   *   empty, ALREADY_EXISTS when the key is taken.
   */
  create(kind: 'view' | 'active', key: string, parent: string, labels: Labels): Snapshot {
    return inTransaction(this.#database, () => {
      const parentId = parent === '' ? null : this.#committed(parent).id;
      this.#requireFree(key);
      const now = this.#now();
      this.#run('INSERT INTO snapshot (name, parent, kind, created_ms, updated_ms, labels) VALUES (?, ?, ?, ?, ?, ?)', [
        key,
        parentId,
        kind,
        now,
        now,
        JSON.stringify(normalizeLabels(labels)),
      ]);
      return this.require(key);
    });
  }

  /**
   * Turns an active snapshot into a committed one with another name. Its labels are replaced, not inherited.
   * @throws LazypullError ALREADY_EXISTS when the name is taken, NOT_FOUND when the snapshot is gone meanwhile,
   *   FAILED_PRECONDITION when it is not active.
   */
  commit(snapshot: Snapshot, name: string, labels: Labels, usage: Usage): void {
    this.#commit(snapshot, name, labels, usage, undefined);
  }

  /** The same for a layer that is mounted instead of unpacked: it takes no place, and `ref` finds it again. */
  commitRemote(snapshot: Snapshot, name: string, labels: Labels, remote: { layerDigest: Digest; ref: string }): void {
    this.#commit(snapshot, name, labels, NO_USAGE, remote);
  }

  /**
   * Changes labels, which is all of a snapshot that may change.
   * @throws LazypullError NOT_FOUND, or INVALID_ARGUMENT for any other field path.
   */
  update(name: string, labels: Labels, paths: readonly string[]): Snapshot {
    return inTransaction(this.#database, () => {
      const snapshot = this.require(name);
      const other = paths.find((path) => !isLabelPath(path));
      if (other !== undefined) {
        throw new LazypullError('INVALID_ARGUMENT', `can't update field ${other} of snapshot ${name}`);
      }
      const updated = JSON.stringify(updateLabels(snapshot.labels, labels, paths));
      this.#run('UPDATE snapshot SET labels = ?, updated_ms = ? WHERE id = ?', [updated, this.#now(), snapshot.id]);
      return this.require(name);
    });
  }

  /** @throws LazypullError NOT_FOUND, or FAILED_PRECONDITION when other snapshots stand on it. */
  remove(name: string): Snapshot {
    return inTransaction(this.#database, () => {
      const snapshot = this.require(name);
      const child = this.#get('SELECT name FROM snapshot WHERE parent = ? LIMIT 1', snapshot.id);
      if (child !== undefined) {
        const by = String(child['name']);
        throw new LazypullError('FAILED_PRECONDITION', `can't remove snapshot ${name}: it is the parent of ${by}`);
      }
      this.#run('DELETE FROM snapshot WHERE id = ?', [snapshot.id]);
      return snapshot;
    });
  }

  /** Ids of all snapshots. */
  ids(): Set<number> {
    return new Set(this.#all('SELECT id FROM snapshot').map((row) => Number(row['id'])));
  }

  /** May be called twice. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #commit(
    snapshot: Snapshot,
    name: string,
    labels: Labels,
    usage: Usage,
    remote: { layerDigest: Digest; ref: string } | undefined,
  ): void {
    inTransaction(this.#database, () => {
      this.#requireFree(name);
      const { id, kind } = this.require(snapshot.name);
      // The key may have been removed and used again while its directory was measured or its layer mounted.
      if (id !== snapshot.id) throw new LazypullError('NOT_FOUND', `snapshot ${snapshot.name} was removed`);
      if (kind !== 'active') throw new LazypullError('FAILED_PRECONDITION', `snapshot ${snapshot.name} is not active`);
      const now = this.#now();
      const json = JSON.stringify(normalizeLabels(labels));
      this.#run(
        `UPDATE snapshot SET name = ?, kind = 'committed', created_ms = ?, updated_ms = ?, labels = ?, size = ?,
           inodes = ?, layer_digest = ?, ref = ? WHERE id = ?`,
        [name, now, now, json, usage.size, usage.inodes, remote?.layerDigest ?? null, remote?.ref ?? null, id],
      );
    });
  }

  #committed(name: string): Snapshot {
    const snapshot = this.find(name);
    if (snapshot === undefined) throw new LazypullError('NOT_FOUND', `parent snapshot ${name} does not exist`);
    if (snapshot.kind !== 'committed') {
      throw new LazypullError('INVALID_ARGUMENT', `parent snapshot ${name} is not committed`);
    }
    return snapshot;
  }

  #requireFree(name: string): void {
    if (name === '') throw new LazypullError('INVALID_ARGUMENT', 'a snapshot needs a key');
    if (this.find(name) !== undefined) throw new LazypullError('ALREADY_EXISTS', `snapshot ${name} already exists`);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }
}

function toSnapshot(row: Row): Snapshot {
  const layerDigest = row['layer_digest'];
  return {
    id: Number(row['id']),
    name: String(row['name']),
    parent: String(row['parent_name']),
    kind: row['kind'] as SnapshotKind,
    createdMs: Number(row['created_ms']),
    updatedMs: Number(row['updated_ms']),
    labels: JSON.parse(String(row['labels'])) as Labels,
    usage: { size: Number(row['size']), inodes: Number(row['inodes']) },
    layerDigest: typeof layerDigest === 'string' && isDigest(layerDigest) ? layerDigest : undefined,
  };
}
