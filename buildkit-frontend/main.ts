// The entrypoint of the frontend's image. buildkitd starts it with the options in its environment, and speaks HTTP/2 over
// its stdin and stdout: nothing else may be written there.
import { Duplex } from 'node:stream';
import { openBridge } from './bridge.ts';
import { openChannel } from './channel.ts';
import { readEnvironment } from './environment.ts';
import { runBuild } from './run.ts';
import { openVariants } from './variants.ts';

const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
try {
  using channel = openChannel(stream);
  await runBuild(openBridge(channel), readEnvironment(process.env), openVariants);
} catch (error) {
  // To buildkitd's own log: whoever builds sees "exit code 1".
  console.error(error);
  process.exitCode = 1;
}
// stdin stays open as long as buildkitd does.
process.exit();
