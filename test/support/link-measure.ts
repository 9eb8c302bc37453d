// What a link really does, measured with plain TCP: the time of a connect, and the rate of a download.
// Runs as a program at each end: `server ADDRESS` serves zeros on port 7, `client ADDRESS BYTES` prints JSON.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Link } from './link.ts';

/** What was measured. */
export interface LinkMeasurement {
  /** The shortest of several connects. */
  readonly connectMs: number;
  readonly bitsPerSec: number;
}

/** Measures a link by downloading this many bytes from its server end. */
export async function measureLink(link: Link, bytes: number): Promise<LinkMeasurement> {
  const self = fileURLToPath(import.meta.url);
  const enter = `--net=/run/netns/${link.serverNetns}`;
  const server = spawn('nsenter', [enter, process.execPath, self, 'server', link.serverAddress], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => server.stdout.once('data', resolve));
    const args = [self, 'client', link.serverAddress, String(bytes)];
    const { stdout } = await link.runAt('client', process.execPath, args);
    return JSON.parse(stdout) as LinkMeasurement;
  } finally {
    server.kill('SIGKILL');
  }
}

function serve(address: string): void {
  const block = Buffer.alloc(256 * 1024);
  const server = createServer((socket) => {
    let left = 0;
    const more = (): void => {
      while (left > 0) {
        const length = Math.min(left, block.length);
        left -= length;
        if (!socket.write(block.subarray(0, length))) return;
      }
    };
    socket.on('drain', more).on('error', () => {});
    socket.once('data', (data) => {
      left = Number(data.toString());
      more();
    });
  });
  server.listen(7, address, () => {
    console.log('listening');
  });
}

async function measure(address: string, bytes: number): Promise<LinkMeasurement> {
  let connectMs = Infinity;
  for (let tries = 0; tries < 5; tries++) {
    const started = performance.now();
    const socket = connect(7, address);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    connectMs = Math.min(connectMs, performance.now() - started);
    socket.destroy();
  }
  const socket = connect(7, address);
  let received = 0;
  // The first fifth is TCP finding its window, which is not the line's rate.
  let startedMs = 0;
  let startedBytes = 0;
  socket.write(String(bytes));
  for await (const data of socket) {
    received += (data as Buffer).length;
    if (startedMs === 0 && received > bytes / 5) [startedMs, startedBytes] = [performance.now(), received];
    if (received >= bytes) break;
  }
  return { connectMs, bitsPerSec: ((received - startedBytes) * 8000) / (performance.now() - startedMs) };
}

if (import.meta.main) {
  const [role, address = '', bytes = '0'] = process.argv.slice(2);
  if (role === 'server') serve(address);
  else console.log(JSON.stringify(await measure(address, Number(bytes))));
}
