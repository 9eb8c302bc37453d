// dpkg and its like on a lazy Debian: what looks at symlinks, inode numbers and types as packages do (moby/buildkit#2703,
// where apt ended with "size has changed" and "Stale file handle"), with Debian's own programs and its own checksums.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { BuildWorld, buildWorldNeeds } from '../support/build-world.ts';
import { image } from '../support/images.ts';
import { layerContents } from '../support/layer-content.ts';
import { readLayout } from '../support/oci-layout.ts';

const skip = buildWorldNeeds('ctr-remote', 'debootstrap');
const LAZY = 'debian-esgz';
const ORDINARY = 'debian';
/** Packages with programs, symlinks between libraries, and many small files. */
const PACKAGES = 'perl-base coreutils tar dpkg bash libc-bin debconf';

/** Installs a package, another version of it whose directories have other names, and turns files of the base aside. */
const INSTALL = `RUN <<'END'
set -e
pack() {
  mkdir -p /tmp/p/DEBIAN && printf 'Package: sample\\nVersion: %s\\nArchitecture: all\\nMaintainer: a <a@b.c>\\nDescription: d\\n' $1 > /tmp/p/DEBIAN/control
  find /tmp/p -exec touch -h -d '2020-01-01 00:00:00' {} +
  dpkg-deb --root-owner-group --build /tmp/p /tmp/sample-$1.deb > /dev/null
  rm -r /tmp/p
}
mkdir -p /tmp/p/usr/share/sample/old /tmp/p/usr/lib/sample /tmp/p/etc/perl && echo 1 > /tmp/p/usr/share/sample/old/file
ln -s lib.so.1 /tmp/p/usr/lib/sample/lib.so && echo lib > /tmp/p/usr/lib/sample/lib.so.1
pack 1
mkdir -p /tmp/p/usr/share/sample/new /tmp/p/usr/lib/sample/lib.so && echo 2 > /tmp/p/usr/share/sample/new/file
echo in > /tmp/p/usr/lib/sample/lib.so/in
pack 2
dpkg --install /tmp/sample-1.deb && test "$(readlink /usr/lib/sample/lib.so)" = lib.so.1
dpkg --install /tmp/sample-2.deb && test -e /usr/share/sample/new/file && test ! -e /usr/share/sample/old
dpkg-divert --quiet --rename --add /usr/bin/perl && test -e /usr/bin/perl.distrib && test ! -e /usr/bin/perl
update-alternatives --quiet --install /usr/bin/sample-awk sample-awk /usr/bin/perl.distrib 1
mv /usr/share/perl5 /usr/share/perl5.moved && mkdir /usr/share/perl5
rm -rf /tmp/* /var/log/* /var/cache/ldconfig/* /var/cache/debconf/* /var/lib/dpkg/*-old
END
`;

/** Each says nothing where nothing is wrong. */
const CHECKS: readonly (readonly [what: string, command: string])[] = [
  ['files are those that the packages say', `dpkg --verify ${PACKAGES}`],
  [
    'what tar reads is what it finds afterwards',
    'tar -C / -cf /tmp/all.tar etc usr/share/perl5 usr/lib/x86_64-linux-gnu/perl-base usr/sbin usr/share/zoneinfo bin lib && tar -C / --compare -f /tmp/all.tar',
  ],
  [
    'a copy is like the original',
    'cp -a /usr/share/perl5 /usr/lib/x86_64-linux-gnu/perl-base /etc/alternatives /tmp/ && for d in /usr/share/perl5 /usr/lib/x86_64-linux-gnu/perl-base /etc/alternatives; do diff -r --no-dereference $d /tmp/$(basename $d); done',
  ],
  ['nothing is newer than what was just made', 'touch /tmp/now && find /usr /var/lib -xdev -newer /tmp/now'],
  [
    'symlinks are as long as their targets',
    `find /etc /usr -xdev -type l -printf '%s %l\\n' | awk '{ if (length($2) != $1 && NF == 2) print }'`,
  ],
  [
    // find takes a type from the listing, stat from the file.
    'types in listings are those of the files',
    'find /etc /usr/lib -type l | sort > /tmp/listed; find /etc /usr/lib -exec stat -c "%F %n" {} + | sed -n "s/^symbolic link //p" | sort | comm -3 - /tmp/listed',
  ],
];

suite('a build on a lazy Debian', { skip }, () => {
  let world: BuildWorld;
  const layout = (name: string): string => join(world.dir, `layout-${name}`);

  /** The lowest layer of the image 'real', as an image. */
  async function addDebian(source: 'real' | 'real-esgz', name: string): Promise<void> {
    const { layoutDir } = await image(source);
    world.registry.content.addLayout(layoutDir, name);
    const { config, layers } = readLayout(layoutDir);
    const [layer] = layers;
    assert.ok(layer !== undefined);
    const { architecture, rootfs } = JSON.parse(readFileSync(config.path, 'utf8')) as {
      architecture: string;
      rootfs: { diff_ids: string[] };
    };
    const { path: _, ...descriptor } = layer;
    const env = { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive'] };
    const one = { type: 'layers', diff_ids: rootfs.diff_ids.slice(0, 1) };
    world.registry.addImage(name, 'latest', [descriptor as Descriptor], { architecture, config: env, rootfs: one });
  }

  before(async () => {
    world = await BuildWorld.start({ images: [] });
    await addDebian('real-esgz', LAZY);
    await addDebian('real', ORDINARY);
  });
  after(async () => world?.[Symbol.asyncDispose]());

  test('a program starts from a layer that is still coming', async () => {
    world.registry.knobs.bytesPerSec = 4_000_000;
    const { output } = await world.build(
      `FROM ${world.ref(LAZY)}\nRUN perl -MPOSIX -e 'print POSIX::floor(2.5), qq{\\n}'\n`,
    );
    world.registry.knobs.bytesPerSec = undefined;
    assert.equal(output, '2\n');
    assert.deepEqual(await world.states(world.ref(LAZY)), ['lazy']);
    assert.deepEqual(world.wholeBlobs(LAZY), []);
  });

  test('Debian finds nothing to object to', async () => {
    const lines = CHECKS.map(([, command], index) => `RUN (${command}) 2>&1 | sed "s|^|${index}: |"`);
    const { output, steps } = await world.build(`FROM ${world.ref(LAZY)}\n${lines.join('\n')}\n`);
    assert.equal([...steps].filter(([step]) => step.startsWith('RUN')).length, CHECKS.length);
    assert.equal(output, '', CHECKS.map(([what], index) => `${index} is: ${what}`).join('\n'));
  });

  test('what it objects to is seen: a file that was changed', async () => {
    const { output } = await world.build(
      `FROM ${world.ref(LAZY)}\nRUN echo >> /usr/bin/perl; dpkg --verify perl-base || true\n`,
    );
    assert.match(output, /5.* \/usr\/bin\/perl/);
  });

  test('dpkg leaves what it leaves on an ordinary Debian', async () => {
    const made = async (name: string): Promise<string[][]> => {
      const dockerfile = `FROM ${world.ref(name)}\n${INSTALL}`;
      const output = ['--output', `type=oci,tar=false,dest=${layout(name)}`];
      if (name === LAZY) await world.build(dockerfile, output);
      else await world.buildOrdinarily(dockerfile, output);
      return await layerContents(layout(name), 1, Date.now() - 24 * 3600 * 1000);
    };
    const [lazy, ordinary] = [await made(LAZY), await made(ORDINARY)];
    assert.deepEqual(lazy, ordinary);
    const names = new Set(lazy.flat().map((line) => line.slice(0, line.indexOf(' {'))));
    for (const name of [
      'usr/bin/.wh.perl',
      'usr/bin/perl.distrib',
      'usr/lib/sample/lib.so/in',
      'usr/share/perl5.moved/',
    ])
      assert.ok(names.has(name), name);
  });
});
