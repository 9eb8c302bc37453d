// What a CRI pull says of credentials: runtime.v1.AuthConfig, and which repository it is for. Read as containerd reads it,
// so that it and we ask the registry with the same.
import { decodeAuth } from '../registry/auth-entry.ts';
import { isHubHost, parseCredentialKey } from '../registry/credential-key.ts';
import type { Credential } from '../registry/credentials.ts';
import { parseReference, type ImageReference } from '../oci/reference.ts';

/** runtime.v1.AuthConfig; what is not set is ''. */
export interface AuthMessage {
  readonly username: string;
  readonly password: string;
  readonly auth: string;
  readonly serverAddress: string;
  readonly identityToken: string;
  readonly registryToken: string;
}

/** runtime.v1.PullImageRequest, as far as we read it. */
export interface PullImageMessage {
  readonly image: { readonly image: string } | null;
  readonly auth: AuthMessage | null;
}

/** The credential that a pull brings, and the one repository that it is for. */
export interface PullCredential {
  /** `registry.test/team/app`. */
  readonly repository: string;
  readonly credential: Credential;
}

/**
 * Undefined for a pull without credentials, or with some for another registry than the image's.
 * @throws FormatError when the image is no reference; UserError when `auth` can't be read.
 */
export function pullCredential({ image, auth }: PullImageMessage): PullCredential | undefined {
  if (image === null || auth === null) return undefined;
  const reference = parseReference(image.image);
  if (auth.serverAddress !== '' && !isServerOf(auth.serverAddress, reference)) return undefined;
  const credential = credentialOf(auth);
  return credential === undefined
    ? undefined
    : { repository: `${reference.registry}/${reference.repository}`, credential };
}

function credentialOf(auth: AuthMessage): Credential | undefined {
  const { username, password, identityToken, registryToken } = auth;
  if (username !== '') return { kind: 'password', username, password };
  if (identityToken !== '') return { kind: 'identity-token', identityToken };
  if (auth.auth !== '') return decodeAuth(auth.auth, 'the auth of a pull');
  return registryToken === '' ? undefined : { kind: 'registry-token', registryToken };
}

function isServerOf(address: string, { registry }: ImageReference): boolean {
  const host = parseCredentialKey(address)?.host;
  return host === registry.toLowerCase() || (host !== undefined && isHubHost(host) && isHubHost(registry));
}
