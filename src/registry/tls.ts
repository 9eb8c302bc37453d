// What a host's configuration says about TLS, and the context that connections are made with.
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { UserError } from '../errors.ts';

export interface TlsSettings {
  /** The same for equal settings: connections are shared by it. */
  readonly id: string;
  /** Certificates in PEM that are trusted beside the usual ones. */
  readonly ca: readonly string[];
  /** Client certificate and key in PEM. */
  readonly client: { readonly cert: string; readonly key: string } | undefined;
  readonly skipVerify: boolean;
  readonly connectTimeoutMs: number | undefined;
}

const contexts = new WeakMap<TlsSettings, SecureContext>();

/**
 * The TLS context of some settings, made once: parsing the root certificates for every connection takes milliseconds.
 * @throws UserError when the certificates can't be read.
 */
export function secureContextOf(tls: TlsSettings): SecureContext {
  let context = contexts.get(tls);
  if (context === undefined) {
    try {
      context = createSecureContext({
        ...(tls.ca.length === 0 ? {} : { ca: [...getCACertificates('default'), ...tls.ca] }),
        ...(tls.client === undefined ? {} : { cert: tls.client.cert, key: tls.client.key }),
      });
    } catch (cause) {
      throw new UserError('a certificate of the registry configuration is not usable', undefined, { cause });
    }
    contexts.set(tls, context);
  }
  return context;
}

/** The settings that hold after a redirect to another host: its own name must be proven, and no client is named. */
export function tlsForRedirect(tls: TlsSettings | undefined, from: URL, to: URL): TlsSettings | undefined {
  if (tls === undefined || from.hostname === to.hostname) return tls;
  if (tls.ca.length === 0) return undefined;
  let reduced = reducedSettings.get(tls);
  if (reduced === undefined) {
    reduced = { ...tls, id: `${tls.id} redirected`, client: undefined, skipVerify: false };
    reducedSettings.set(tls, reduced);
  }
  return reduced;
}

const reducedSettings = new WeakMap<TlsSettings, TlsSettings>();
