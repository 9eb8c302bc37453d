// The flags and help of `lazypull convert`.
import type { Command } from 'commander';

/** Adds the command. */
export function addConvert(_program: Command): void {
  // Comes with the command.
}
