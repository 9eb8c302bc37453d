// The push half of the test registry: blob uploads (whole, in chunks, mounted from another repository) and manifests.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryContent } from './registry-content.ts';

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export class PushHandler {
  readonly #content: RegistryContent;
  readonly #uploads = new Map<string, Buffer[]>();

  constructor(content: RegistryContent) {
    this.#content = content;
  }

  /** POST, PATCH, PUT, GET and DELETE below `/v2/<name>/blobs/uploads/`. */
  async upload(request: IncomingMessage, response: ServerResponse, url: URL, name: string): Promise<void> {
    const id = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    const body = await readBody(request);
    if (request.method === 'POST') return this.#start(response, url, name, body);
    const pieces = this.#uploads.get(id);
    if (pieces === undefined) return void response.writeHead(404).end();
    if (request.method === 'PATCH' || request.method === 'PUT') pieces.push(body);
    if (request.method === 'PUT') {
      this.#uploads.delete(id);
      return this.#finish(response, name, Buffer.concat(pieces), url.searchParams.get('digest'));
    }
    if (request.method === 'DELETE') this.#uploads.delete(id);
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const location = `/v2/${name}/blobs/uploads/${id}`;
    const status = request.method === 'PATCH' ? 202 : 204;
    response.writeHead(status, { location, range: `0-${Math.max(0, size - 1)}` }).end();
  }

  /** PUT of a manifest by tag or digest. */
  async manifest(request: IncomingMessage, response: ServerResponse, name: string, reference: string): Promise<void> {
    const bytes = await readBody(request);
    const { digest } = this.#content.add(name, bytes, request.headers['content-type']);
    if (reference.startsWith('sha256:')) {
      if (reference !== digest) return void response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
    } else this.#content.tag(name, reference, digest);
    response.writeHead(201, { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest }).end();
  }

  #start(response: ServerResponse, url: URL, name: string, body: Buffer): void {
    const mount = url.searchParams.get('mount');
    const from = url.searchParams.get('from');
    const source = mount === null || from === null ? undefined : this.#content.lookup(from, mount);
    if (source !== undefined) {
      this.#content.repository(name).contents.set(source.digest, source.content);
      return void response.writeHead(201, { location: `/v2/${name}/blobs/${source.digest}` }).end();
    }
    const digest = url.searchParams.get('digest');
    if (digest !== null) return this.#finish(response, name, body, digest);
    const id = randomUUID();
    this.#uploads.set(id, []);
    response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${id}`, range: '0-0' }).end();
  }

  #finish(response: ServerResponse, name: string, bytes: Buffer, digest: string | null): void {
    const stored = this.#content.add(name, bytes);
    if (stored.digest !== digest) {
      this.#content.remove(name, stored.digest);
      return void response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}');
    }
    response.writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest }).end();
  }
}
