// The flags and help of `lazypull verify`.
import type { Command } from 'commander';

/** Adds the command. */
export function addVerify(_program: Command): void {
  // Comes with the command.
}
