// Real images for tests and benchmarks, built at most once and kept as OCI layouts in the cache. Everything after the
// first build works offline. By hand: `node test/support/images.ts NAME...`, without names it lists them.
import { join } from 'node:path';
import { cachedFolder } from '../../script/programs/cache.ts';
import { type Conversion, convertImage, EXTERNAL_TOC } from './image-convert.ts';
import { compressByContainers } from './image-podman.ts';
import { buildRealImage } from './image-real.ts';
import { buildSmallImage } from './image-small.ts';
import { buildToolchains, convertToolchains } from './image-toolchains.ts';

/** An image on disk. Read it with `readLayout`; do not change it: other tests share it. */
export interface BuiltImage {
  readonly name: ImageName;
  readonly layoutDir: string;
  /** The tag within the layout. */
  readonly tag: 'latest';
}

interface Recipe {
  /** Raise it when what the recipe makes changes. */
  readonly version: number;
  readonly build: (layoutDir: string, say: (text: string) => void) => Promise<void>;
}

const estargz: Conversion = ['convert', '--estargz', '--oci'];
const external: Conversion = [...estargz, EXTERNAL_TOC];
const optimize = (period: number, args: readonly string[]): Conversion => [
  'optimize',
  '--oci',
  `--period=${period}`,
  `--args=${JSON.stringify(args)}`,
];

/** The images that there are. */
export type ImageName =
  | 'small'
  | 'small-esgz'
  | 'small-esgz-chunked'
  | 'small-esgz-min-chunk'
  | 'small-esgz-optimized'
  | 'small-esgz-external'
  | 'small-esgz-external-keep'
  | 'small-zstdchunked'
  | 'small-podman'
  | 'real'
  | 'real-esgz'
  | 'real-esgz-python'
  | 'real-esgz-node'
  | 'real-zstdchunked'
  | 'real-podman'
  | 'toolchains'
  | 'toolchains-esgz';

const recipes: Record<ImageName, Recipe> = {
  // busybox and every kind of file, three layers
  small: { version: 6, build: (dir) => buildSmallImage(dir) },
  'small-esgz': converted('small', 1, estargz),
  'small-esgz-chunked': converted('small', 1, [...estargz, '--estargz-chunk-size', '65536']),
  'small-esgz-min-chunk': converted('small', 1, [...estargz, '--estargz-min-chunk-size', '50000']),
  'small-esgz-optimized': converted(
    'small',
    1,
    optimize(3, ['/bin/md5sum', '/data/4096', '/data/4097', '/kinds/hard-2']),
  ),
  // with their TOCs in an image of their own, tagged `latest-esgztoc`
  'small-esgz-external': converted('small', 1, external),
  'small-esgz-external-keep': converted('small', 1, [...external, '--estargz-keep-diff-id']),
  'small-zstdchunked': converted('small', 1, ['convert', '--zstdchunked', '--oci']),
  // zstd:chunked as containers/storage writes it
  'small-podman': recompressed('small', 1),
  // base, python, node, app: what the benchmarks pull
  real: { version: 4, build: buildRealImage },
  'real-esgz': converted('real', 1, estargz),
  'real-esgz-python': converted('real', 1, optimize(8, ['/usr/bin/python3', '/app/main.py'])),
  'real-esgz-node': converted('real', 1, optimize(12, ['/usr/local/bin/node', '/app/main.js'])),
  'real-zstdchunked': converted('real', 1, ['convert', '--zstdchunked', '--oci']),
  'real-podman': recompressed('real', 1),
  // many images in one layout: golang, node, python and so on, and their variants by `lazypull convert`
  toolchains: { version: 1, build: buildToolchains },
  'toolchains-esgz': {
    version: 1,
    build: async (dir, say) => convertToolchains((await image('toolchains', say)).layoutDir, dir, say),
  },
};

/**
 * The image, built when the cache has none. Building 'real' needs root and a mirror, conversions need ctr-remote, or skopeo for Podman's.
 * @param say gets progress lines; default is standard error.
 */
export async function image(
  name: ImageName,
  say: (text: string) => void = (text) => process.stderr.write(`${text}\n`),
): Promise<BuiltImage> {
  const recipe: Recipe = recipes[name];
  const key = join('images', `${name}-${versionOf(name)}-${process.arch}`);
  const started = Date.now();
  const { folder, fresh } = await cachedFolder(key, async (target) => {
    say(`image ${name}: building`);
    await recipe.build(target, (text) => {
      say(`image ${name}: ${text}`);
    });
  });
  if (fresh) say(`image ${name}: built in ${Math.round((Date.now() - started) / 1000)} s`);
  return { name, layoutDir: folder, tag: 'latest' };
}

// A conversion is as old as the image that it was made from.
function versionOf(name: ImageName): string {
  const [source = name] = name.split('-');
  const own = recipes[name].version;
  return source === name ? `${own}` : `${recipes[source as ImageName].version}.${own}`;
}

function converted(source: 'small' | 'real', version: number, conversion: Conversion): Recipe {
  return {
    version,
    build: async (layoutDir, say) => convertImage((await image(source, say)).layoutDir, conversion, layoutDir),
  };
}

function recompressed(source: 'small' | 'real', version: number): Recipe {
  return {
    version,
    build: async (layoutDir, say) => compressByContainers((await image(source, say)).layoutDir, layoutDir),
  };
}

if (import.meta.main) {
  const names = process.argv.slice(2);
  if (names.length === 0) console.log(Object.keys(recipes).join('\n'));
  for (const name of names) {
    if (!Object.hasOwn(recipes, name))
      throw new Error(`no image ${name}; there are ${Object.keys(recipes).join(', ')}`);
    console.log((await image(name as ImageName)).layoutDir);
  }
}
