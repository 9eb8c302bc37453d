// The flags and help of `lazypull optimize`.
import type { Command } from 'commander';

/** Adds the command. */
export function addOptimize(_program: Command): void {
  // Comes with the command.
}
