// The image `docker/dockerfile`, with BuildKit's own frontend of the version that is tested, as an OCI layout.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tarOfFolder } from './image-real.ts';
import { requireProgram } from './needs.ts';
import { writeGzipLayer, writeImage } from './oci-layout.ts';

/** For `needs()`. */
export const dockerfileFrontend = 'dockerfile-frontend';

/** Labels say what BuildKit may ask it for. https://github.com/moby/buildkit/blob/master/frontend/gateway/gateway.go */
export async function writeDockerfileFrontend(layoutDir: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'lazypull-dockerfile-'));
  try {
    mkdirSync(join(root, 'bin'));
    const program = join(root, 'bin', dockerfileFrontend);
    copyFileSync(requireProgram(dockerfileFrontend), program);
    chmodSync(program, 0o755);
    const caps = ['inputs', 'subrequests', 'contexts'].map((name) => `moby.buildkit.frontend.${name}`).join(',');
    writeImage(layoutDir, [await writeGzipLayer(layoutDir, tarOfFolder(root))], {
      Entrypoint: [`/bin/${dockerfileFrontend}`],
      Labels: { 'moby.buildkit.frontend.network.none': 'true', 'moby.buildkit.frontend.caps': caps },
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
