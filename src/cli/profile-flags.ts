// The flags and help of `lazypull profile`.
import type { Command } from 'commander';

/** Adds the command. */
export function addProfile(_program: Command): void {
  // Comes with the command.
}
