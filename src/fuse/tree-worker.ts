// The thread that waits for requests about a tree: it reads them from /dev/fuse, which blocks, and passes them on. All
// answers are the main thread's.
import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { REQUEST_BUFFER_SIZE } from './abi.ts';

const port = parentPort;
if (port === null) throw new Error('tree-worker runs in a worker thread only');
const { fuseFd } = workerData as { readonly fuseFd: number };
const buffer = Buffer.alloc(REQUEST_BUFFER_SIZE);

for (let received = receive(); received !== 'ended'; received = receive()) {
  port.postMessage(new Uint8Array(buffer.subarray(0, received)), []);
}

/** Waits for a request. `ended`: the filesystem is unmounted or the connection was aborted. */
function receive(): number | 'ended' {
  for (;;) {
    try {
      return readSync(fuseFd, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENODEV' || code === 'ECONNABORTED') return 'ended';
      // ENOENT: the request was taken back before we had read it. EINTR, EAGAIN: nothing happened.
      if (code !== 'ENOENT' && code !== 'EINTR' && code !== 'EAGAIN') throw error;
    }
  }
}
