// The flags and help of `lazypull inspect`.
import type { Command } from 'commander';

/** Adds the command. */
export function addInspect(_program: Command): void {
  // Comes with the command.
}
