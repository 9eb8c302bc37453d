// The database file below a snapshot store: SQLite in WAL mode, opened by one process only. A commit is on disk when
// it returns (0.2 ms on an ordinary SSD): containerd remembers committed snapshots durably, so losing one that it
// knows of would break an image until somebody deletes it.
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describeError, UserError } from '../errors.ts';

/** Each step brings a database from version `index` to `index + 1`; the version is SQLite's user_version. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   -- AUTOINCREMENT: an id is also a directory name and a holder of layers, and is never used again.
   CREATE TABLE snapshot (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL UNIQUE,
     parent INTEGER REFERENCES snapshot (id),
     kind TEXT NOT NULL CHECK (kind IN ('view', 'active', 'committed')),
     created_ms INTEGER NOT NULL,
     updated_ms INTEGER NOT NULL,
     size INTEGER NOT NULL DEFAULT 0,
     inodes INTEGER NOT NULL DEFAULT 0,
     labels TEXT NOT NULL,
     layer_digest TEXT,
     ref TEXT
   ) STRICT;
   CREATE INDEX snapshot_parent ON snapshot (parent);
   -- What a second client that asks for the same remote snapshot is answered with.
   CREATE UNIQUE INDEX snapshot_ref ON snapshot (ref, ifnull(parent, 0)) WHERE ref IS NOT NULL;`,
];

/** Pages in the write-ahead log before they are moved into the database. */
const LOG_PAGES = 64;
const RESERVE_BYTES = 2 * LOG_PAGES * 4096;

/**
 * Opens or makes the database at `path` and brings it to the current version.
 * @throws UserError when it is damaged, newer than this version, or in use by another process.
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 2000 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrate(database, path);
    reserveSpace(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof UserError) throw cause;
    throw new UserError(`can't open the snapshot database ${path}: ${describeError(cause)}`, remedyFor(cause), {
      cause,
    });
  }
}

/** From https://www.sqlite.org/rescode.html */
const SQLITE_FULL = 13;

function remedyFor(cause: unknown): string {
  if ((cause as { errcode?: unknown } | null)?.errcode === SQLITE_FULL) return 'free some space where it lies';
  return 'if no other daemon uses it and it is damaged, delete the folder that it lies in and pull the images again';
}

/**
 * Takes space that SQLite then uses again and again, in its log and for new rows: also on a full disk a snapshot can be
 * removed, or nothing would ever become free again. The log of a killed process has its size still.
 */
function reserveSpace(database: DatabaseSync, path: string): void {
  database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE_BYTES) return;
  const drop = 'DROP TABLE IF EXISTS reserve';
  try {
    const fill = `CREATE TABLE reserve (bytes BLOB) STRICT; INSERT INTO reserve VALUES (zeroblob(${RESERVE_BYTES}))`;
    inTransaction(database, () => database.exec(`${drop}; ${fill}`));
    inTransaction(database, () => database.exec(drop));
    database.exec('PRAGMA wal_checkpoint(RESTART)');
  } catch {
    // The disk is full already. Then there is no reserve, and all else may work or not.
  }
}

/** Runs `work` in one transaction, and undoes it when `work` throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function migrate(database: DatabaseSync, path: string): void {
  inTransaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) {
      throw new UserError(
        `${path} was written by a newer version of lazypull`,
        'use that version, or delete the folder',
      );
    }
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    const insert = database.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('store_id', ?)");
    insert.run(randomUUID());
  });
}
