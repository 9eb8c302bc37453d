// An unprivileged user with passwordless sudo, or without, on a machine that has no sudo: the user's processes may
// change their user and nothing else (CAP_SETUID), and `sudo` in front of their PATH does that and cleans the
// environment as sudo does. So files of root are out of their reach, and root's processes can't be ended, as on a runner.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type RunResult } from './run.ts';

/** Nobody has these numbers. */
const ID = 61_001;

const SUDO = `#!/bin/sh
# sudo -n [--preserve-env=A,B] -- COMMAND...
[ "$1" = -n ] || { echo "sudo: a password is required" >&2; exit 1; }
shift
keep=
case "$1" in --preserve-env=*) keep=$(echo "\${1#--preserve-env=}" | tr , ' '); shift;; esac
[ "$1" = -- ] && shift
command=$*
for name in $keep; do
  [ "$name" = PATH ] && continue
  eval "value=\\$$name"
  set -- "$name=$value" "$@"
done
printf '%s\\n' "$command" >> "$(dirname "$0")/log"
exec setpriv --reuid=0 --regid=0 --clear-groups --inh-caps=-all --ambient-caps=-all \\
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
`;

/** A user and a folder that is theirs; both are gone when it is disposed. Needs root. */
export class SudoUser implements Disposable {
  readonly dir: string;
  readonly uid: number = ID;
  readonly gid: number = ID;
  readonly #prefix: readonly string[];
  readonly #path: string;

  /** `sudo: false`: there is no sudo that lets them. */
  constructor(options: { sudo: boolean }) {
    this.dir = mkdtempSync(join(tmpdir(), 'lazypull-user-'));
    chmodSync(this.dir, 0o777);
    const bin = join(this.dir, 'bin');
    mkdirSync(bin);
    chmodSync(bin, 0o777);
    writeFileSync(join(bin, 'sudo'), options.sudo ? SUDO : '#!/bin/sh\necho "sudo: not allowed" >&2\nexit 1\n');
    chmodSync(join(bin, 'sudo'), 0o755);
    this.#path = `${bin}:${process.env['PATH'] ?? ''}`;
    const caps = options.sudo ? '-all,+setuid,+setgid,+setpcap' : '-all';
    const user = ['setpriv', `--reuid=${ID}`, `--regid=${ID}`, '--clear-groups'];
    this.#prefix = [...user, `--inh-caps=${caps}`, `--ambient-caps=${caps}`];
  }

  /** Runs TypeScript as this user: the body of a module whose imports are relative to the project. */
  async script(body: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
    const project = new URL('../../', import.meta.url).href;
    const code = body.replaceAll(/from '\.\//g, `from '${project}`);
    const [program = '', ...args] = this.#prefix;
    const node = [process.execPath, '--input-type=module-typescript', '--eval', code];
    return await run(program, [...args, ...node], {
      cwd: '/',
      env: { ...process.env, PATH: this.#path, HOME: this.dir, ...env },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
