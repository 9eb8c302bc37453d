// What systemd runs of Docker and containerd: names of units, and with what command line.
import type { DockerFacts } from './facts.ts';
import type { Host } from './host.ts';
import { hasSystemd } from './process.ts';

/** A unit that is active, with what it was started with. */
export interface RunningUnit {
  readonly name: string;
  /** Program and arguments; empty when systemd does not say. */
  readonly command: readonly string[];
}

export interface UnitFacts {
  readonly systemd: boolean;
  readonly containerd: RunningUnit | undefined;
  /** The unit of a Docker, and whether that makes it unfit. A Docker on another machine has none here. */
  readonly docker: (server: Omit<DockerFacts, 'unit'>) => Pick<DockerFacts, 'unit' | 'unfit'>;
}

const DOCKER = 'docker.service';
/** Its containerd is inside, and its configuration is the snap's. */
const SNAP = 'snap.docker.dockerd.service';
const CONTAINERD = 'containerd.service';
const PROPERTIES = 'Id,ActiveState,ExecStart';

/** Asks systemd, where it is. */
export async function unitFacts(host: Host): Promise<UnitFacts> {
  const systemd = await hasSystemd(host);
  const units = systemd
    ? parseUnits(
        (
          await host.try(['systemctl', 'show', `--property=${PROPERTIES}`, DOCKER, SNAP, CONTAINERD], {
            timeoutMs: 10_000,
          })
        ).stdout,
      )
    : [];
  const find = (name: string): RunningUnit | undefined => units.find((unit) => unit.name === name);
  return {
    systemd,
    containerd: find(CONTAINERD),
    docker: ({ unfit }) => {
      if (unfit === 'another machine') return { unit: undefined, unfit };
      if (find(DOCKER) !== undefined) return { unit: DOCKER, unfit };
      if (find(SNAP) !== undefined) return { unit: SNAP, unfit: unfit ?? 'snap' };
      return { unit: undefined, unfit };
    },
  };
}

/** The active units of `systemctl show`: a block of lines each. */
export function parseUnits(text: string): RunningUnit[] {
  return text.split(/\n\n+/).flatMap((block) => {
    const [, name] = /^Id=(.+)$/m.exec(block) ?? [];
    if (name === undefined || !/^ActiveState=(active|reloading)$/m.test(block)) return [];
    const [, argv = ''] = /^ExecStart=\{.*? argv\[\]=(.*?) ; /m.exec(block) ?? [];
    return [{ name, command: argv.split(' ').filter((word) => word !== '') }];
  });
}
