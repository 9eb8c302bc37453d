// The folders of a runner and a job, laid out as on a hosted runner: work/REPOSITORY/REPOSITORY, work/_temp, tool cache
// and home. Everything has two paths, that of this machine and that which steps see.
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JobOptions } from './runner-job.ts';
import { createCommandFiles, type CommandFiles } from './runner-files.ts';

/** Makes files for a job, which belong to the one who runs its steps. */
export class RunnerFolders {
  readonly dir: string;
  readonly workspace: string;
  readonly temp: string;
  readonly toolCache: string;
  readonly home: string;
  readonly eventPath: string;
  readonly #commandFiles: string;
  readonly #owner: JobOptions['owner'];
  #files = 0;

  /** @param dir on this machine; must exist. @param repository is `OWNER/NAME`. */
  constructor(dir: string, repository: string, owner: JobOptions['owner']) {
    const name = repository.slice(repository.indexOf('/') + 1);
    this.dir = dir;
    this.#owner = owner;
    this.workspace = join(dir, 'work', name, name);
    this.temp = join(dir, 'work/_temp');
    this.#commandFiles = join(this.temp, '_runner_file_commands');
    this.toolCache = join(dir, 'tool-cache');
    this.home = join(dir, 'home');
    this.eventPath = join(this.temp, '_github_workflow/event.json');
    for (const folder of [this.workspace, this.#commandFiles, this.toolCache, this.home, dirname(this.eventPath)]) {
      this.#mkdir(folder);
    }
  }

  /** Writes a file into RUNNER_TEMP. @returns its path on this machine. */
  writeTemp(name: string, text: string): string {
    const path = join(this.temp, name);
    writeFileSync(path, text);
    this.#own(path);
    return path;
  }

  writeEvent(event: object): void {
    writeFileSync(this.eventPath, JSON.stringify(event));
    this.#own(this.eventPath);
  }

  /** New files for a stage of a step. */
  commandFiles(): CommandFiles {
    this.#files += 1;
    const files = createCommandFiles(this.#commandFiles, String(this.#files));
    for (const path of Object.values(files)) this.#own(path);
    return files;
  }

  #mkdir(folder: string): void {
    if (folder === this.dir) return;
    this.#mkdir(dirname(folder));
    mkdirSync(folder, { recursive: true });
    this.#own(folder);
  }

  #own(path: string): void {
    if (this.#owner !== undefined) chownSync(path, this.#owner.uid, this.#owner.gid);
  }
}
