// Checks the bodies of `POST /v1/hot/save` and `POST /v1/hot/load`. The folder is one of the daemon's file system, and
// root's client names it; what lies in it is checked by who reads it.
import { isAbsolute } from 'node:path';
import { LazypullError } from '../errors.ts';
import type { SaveOptions } from '../layer/hot-save.ts';

/** `POST /v1/hot/load`: the folder to load, absolute. */
export interface HotLoadRequest {
  readonly directory: string;
}

/** `POST /v1/hot/save`: the folder to save into, absolute, and what may go there. */
export interface HotSaveRequest extends HotLoadRequest, SaveOptions {}

/** @throws LazypullError INVALID_ARGUMENT that names the wrong field. */
export function parseHotLoad(body: unknown): HotLoadRequest {
  return { directory: directoryOf(fieldsOf(body)) };
}

/** `skipPrivate` is false unless it is given. @throws LazypullError INVALID_ARGUMENT that names the wrong field. */
export function parseHotSave(body: unknown): HotSaveRequest {
  const fields = fieldsOf(body);
  const { limitBytes, skipPrivate = false } = fields;
  if (!Number.isSafeInteger(limitBytes) || (limitBytes as number) < 0) {
    throw invalid('limitBytes', 'a whole number of bytes', limitBytes);
  }
  if (typeof skipPrivate !== 'boolean') throw invalid('skipPrivate', 'true or false', skipPrivate);
  return { directory: directoryOf(fields), limitBytes: limitBytes as number, skipPrivate };
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new LazypullError('INVALID_ARGUMENT', 'hot request: the body is not a JSON object');
}

function directoryOf({ directory }: Readonly<Record<string, unknown>>): string {
  const usable = typeof directory === 'string' && isAbsolute(directory) && !directory.includes('\0');
  if (usable && directory.length <= 4096) return directory;
  throw invalid('directory', 'an absolute path', directory);
}

function invalid(field: string, wanted: string, got: unknown): LazypullError {
  const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 200);
  return new LazypullError('INVALID_ARGUMENT', `hot request: ${field} wants ${wanted}, got ${shown}`);
}
