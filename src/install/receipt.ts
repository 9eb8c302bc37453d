// The receipt of an installation: what was changed on the machine, and what lies where as it was. Written before the first
// change that it tells of, so that an installation that dies half-way can be taken back.
import { createHash } from 'node:crypto';
import { LazypullError } from '../errors.ts';
import { readText, writeWhole } from './changes.ts';
import { RECEIPT } from './places.ts';

/** A file that was changed. */
export interface ChangedFile {
  readonly path: string;
  /** A copy of it as it was; absent when there was none. */
  readonly backup?: string;
  /** SHA-256 of what was written: another one means that somebody has changed it since. */
  readonly written: string;
}

export interface Receipt {
  readonly format: 1;
  readonly version: string;
  readonly containerd: ChangedFile & {
    readonly address: string;
    readonly unit: string;
    readonly containerdVersion: string;
  };
  /** Our configuration, when there was none. */
  readonly config?: ChangedFile;
  /** The daemon goes for good: the last snapshot takes everything along. */
  readonly leaving?: boolean;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @returns undefined when nothing is installed. @throws LazypullError for a receipt that is none. */
export function readReceipt(): Receipt | undefined {
  const text = readText(RECEIPT);
  if (text === undefined) return undefined;
  try {
    const receipt = JSON.parse(text) as Receipt;
    if (receipt.format === 1 && typeof receipt.containerd.path === 'string') return receipt;
  } catch {
    // Told below.
  }
  throw new LazypullError('FORMAT', `${RECEIPT} is not what lazypull install writes: take its changes back by hand`);
}

export function writeReceipt(receipt: Receipt): void {
  writeWhole(RECEIPT, `${JSON.stringify(receipt, undefined, 2)}\n`);
}
