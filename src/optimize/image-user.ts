// Who a workload runs as: `USER[:GROUP]`, numbers or names of the image's own /etc/passwd and /etc/group, with docker's
// rules. passwd(5), group(5).
import { UserError } from '../errors.ts';

/** A process's identity, in the image's numbers. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

const MAX_ID = 2 ** 32 - 2;

interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

interface GroupLine {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/**
 * Finds a user. `passwd` and `group` are the files' texts, '' where the image has none. An empty `spec` is root. A number
 * needs no line; a user without a line has group 0. Without a group in `spec`, the groups that list the user are added.
 * @throws UserError for a name that has no line.
 */
export function resolveUser(spec: string, passwd: string, group: string): ContainerUser {
  const [userPart = '', groupPart] = spec.split(':', 2);
  const user = findUser(userPart, parsePasswd(passwd));
  const groups = parseGroup(group);
  const gid = groupPart === undefined || groupPart === '' ? user.gid : findGroup(groupPart, groups);
  const named =
    groupPart === undefined || groupPart === '' ? groups.filter(({ members }) => isMember(members, user)) : [];
  return { uid: user.uid, gid, additionalGids: [...new Set([gid, ...named.map((line) => line.gid)])] };
}

function isMember(members: readonly string[], user: { readonly name: string | undefined }): boolean {
  return user.name !== undefined && members.includes(user.name);
}

function findUser(part: string, lines: readonly PasswdLine[]): { uid: number; gid: number; name: string | undefined } {
  const uid = part === '' ? 0 : parseId(part);
  const line = lines.find(({ name, uid: own }) => (part !== '' && name === part) || own === uid);
  if (line !== undefined) return line;
  if (uid !== undefined) return { uid, gid: 0, name: undefined };
  throw new UserError(`the image has no user ${JSON.stringify(part)}`, 'Use a number, or a name of its /etc/passwd.');
}

function findGroup(part: string, lines: readonly GroupLine[]): number {
  const gid = parseId(part);
  const found = lines.find((line) => line.name === part)?.gid ?? gid;
  if (found !== undefined) return found;
  throw new UserError(`the image has no group ${JSON.stringify(part)}`, 'Use a number, or a name of its /etc/group.');
}

function parsePasswd(text: string): PasswdLine[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , uidText = '', gidText = ''] = line.trim().split(':');
    const uid = parseId(uidText);
    const gid = parseId(gidText);
    return name === '' || uid === undefined || gid === undefined ? [] : [{ name, uid, gid }];
  });
}

function parseGroup(text: string): GroupLine[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', , gidText = '', members = ''] = line.trim().split(':');
    const gid = parseId(gidText);
    return name === '' || gid === undefined ? [] : [{ name, gid, members: members.split(',') }];
  });
}

function parseId(text: string): number | undefined {
  const id = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return id <= MAX_ID ? id : undefined;
}
