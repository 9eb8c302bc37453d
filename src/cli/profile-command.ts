// `lazypull profile show|merge|diff`.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { UserError, describeError } from '../errors.ts';
import { parseLocation } from '../image/location.ts';
import { openSource } from '../image/open.ts';
import { readRecordingFile } from '../optimize/collect-profile.ts';
import { inspectImage } from '../optimize/inspect.ts';
import { encodeProfile } from '../optimize/profile-codec.ts';
import { diffProfiles } from '../optimize/profile-diff.ts';
import { mergeProfiles } from '../optimize/profile-merge.ts';
import { profileOfImage } from '../optimize/profile-of-image.ts';
import { summarizeProfile } from '../optimize/profile-summary.ts';
import type { Profile } from '../optimize/profile.ts';
import { barStyle } from './bars.ts';
import { EXIT_FAILED } from './exit-codes.ts';
import { type Flags, integerFlag, textFlag } from './flag-values.ts';
import { openImageAccess } from './image-access.ts';
import { platformsOf, TocImage } from './image-platforms.ts';
import { Interrupts } from './interrupts.ts';
import { diffText, profileText } from './profile-text.ts';

/** @throws UserError for a file that can't be read, FormatError for one that is no profile. */
export async function runShow(files: readonly string[], flags: Flags): Promise<void> {
  const most = flags['all'] === true ? undefined : integerFlag(flags, 'top', 0, 1_000_000);
  const sort = textFlag(flags, 'sort') === 'bytes' ? 'bytes' : 'time';
  const profiles = await Promise.all(files.map(async (file) => ({ file, profile: await readProfile(file, flags) })));
  if (flags['json'] === true) {
    const documents = profiles.map(({ file, profile }) => ({ file, summary: summarizeProfile(profile), profile }));
    process.stdout.write(`${JSON.stringify(documents, undefined, 2)}\n`);
    return;
  }
  const style = barStyle();
  const texts = profiles.map(({ file, profile }) => profileText(file, profile, { most, sort, style }));
  process.stdout.write(texts.join('\n'));
}

/** @throws UserError, FormatError as for `runShow`; FormatError also for profiles that contradict each other. */
export async function runMerge(files: readonly string[], flags: Flags): Promise<void> {
  const text = encodeProfile(mergeProfiles(await Promise.all(files.map((file) => readProfile(file, flags)))));
  const output = textFlag(flags, 'output');
  if (output === undefined || output === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(output, text);
  } catch (cause) {
    throw new UserError(`can't write ${output}: ${describeError(cause)}`, undefined, { cause });
  }
}

/** @throws UserError, FormatError as for `runShow`. */
export async function runDiff(before: string, after: string, flags: Flags): Promise<void> {
  const diff = diffProfiles(await readProfile(before, flags), await readProfile(after, flags));
  process.stdout.write(flags['json'] === true ? `${JSON.stringify(diff, undefined, 2)}\n` : diffText(diff));
  const differs = diff.added.length + diff.removed.length + diff.changed.length > 0;
  if (differs && flags['exitCode'] === true) process.exitCode = EXIT_FAILED;
}

/** @param name a file, or an image when there is no such file and it is no path. */
async function readProfile(name: string, flags: Flags): Promise<Profile> {
  if (!existsSync(name) && !/^[./]|\.json$/.test(name)) return readImage(name, flags);
  const file = await readRecordingFile(name);
  if (file.kind === 'profile') return file.profile;
  throw new UserError(
    `${name} is a record of ctr-remote: it has paths only, and means something with its image alone`,
    'Make a profile of it: lazypull optimize --record-in FILE --record-out PROFILE IMAGE',
  );
}

async function readImage(name: string, flags: Flags): Promise<Profile> {
  const platforms = platformsOf(flags);
  using interrupts = new Interrupts();
  const location = parseLocation(name);
  await using access = await openImageAccess(flags, [location]);
  await using source = await openSource(location, access, interrupts.abort);
  await using tocImage = new TocImage(location, access);
  const { images } = await inspectImage(source, { platforms, openTocImage: tocImage.open }, interrupts.abort);
  const [image] = images;
  if (image === undefined) throw new UserError(`${name} has no image for this machine`, 'Choose one with --platform.');
  return profileOfImage(source.name, image);
}
