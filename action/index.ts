// The action's start: the same program is the step's main and, at the end of the job, its post.
import { getState } from '@actions/core';
import { StateKey } from './state.ts';

if (getState(StateKey.STARTED) === 'true') await (await import('./post.ts')).post(process.env);
else await (await import('./main.ts')).main(process.env);
// Sockets that a library keeps open are nothing to wait for. Elsewhere nothing was opened, and pipes may not be written yet.
if (process.platform === 'linux') process.exit();
