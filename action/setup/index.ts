// `uses: OWNER/lazypull/action/setup@v1`: the `lazypull` command for the steps that follow. It changes nothing but PATH.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addPath, info, setFailed, setOutput } from '@actions/core';
import { describeError, UserError } from '../../src/errors.ts';
import { lazypullCommand } from '../lazypull-command.ts';
import { writeWrapper } from './wrapper.ts';

try {
  await setUp();
} catch (error) {
  setFailed(describeError(error));
}

async function setUp(): Promise<void> {
  if (process.platform === 'win32') {
    throw new UserError('lazypull has no command for Windows', "Run this step on Linux: if: runner.os == 'Linux'.");
  }
  const folder = process.env['RUNNER_TEMP'] ?? '';
  if (folder === '') throw new UserError('RUNNER_TEMP is not set', 'Run this as a step of a workflow.');
  const bin = join(folder, 'lazypull-bin');
  const path = await writeWrapper(bin, lazypullCommand());
  const { stdout } = await promisify(execFile)(path, ['--version']);
  const version = stdout.trim();
  addPath(bin);
  setOutput('version', version);
  setOutput('path', path);
  info(`lazypull ${version}: ${path}`);
}
