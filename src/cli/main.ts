#!/usr/bin/env node
// The entry of everything. The daemon's two processes and the recorder go their own way before the command line's library is loaded.
import { exitCodeOf, messageOf } from './exit-codes.ts';

const [command, ...rest] = process.argv.slice(2);
const helpAsked = rest.some((arg) => arg === '--help' || arg === '-h');

try {
  if (command === 'serve') {
    const { runServe } = await import('./daemon-command.ts');
    const status = await runServe(rest);
    if (status !== 0) process.exit(status);
  } else if (command === 'record-workload') {
    const { runRecorder } = await import('./record-command.ts');
    runRecorder();
  } else if (command === 'daemon' && !helpAsked) {
    const { runDaemon } = await import('./daemon-command.ts');
    process.exit(await runDaemon(rest, process.argv[1] ?? ''));
  } else {
    // `lazypull status | head` is no error, and work that is told of in lines goes on without a reader. What is itself
    // written to standard output has its own way to fail.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') process.exit(1);
    });
    process.stderr.on('error', () => {});
    const { runProgram } = await import('./program.ts');
    process.exitCode = await runProgram(process.argv.slice(2));
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(exitCodeOf(error));
}
