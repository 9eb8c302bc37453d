// The push half of the test registry: blob uploads (whole, in chunks, mounted from another repository) and manifests,
// with the faults that the knobs name. Every answer gives an upload another Location, and only the last one is good.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryContent } from './registry-content.ts';
import type { RegistryKnobs } from './registry-knobs.ts';

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly pieces: Buffer[];
  /** In the query of the Location. */
  state: string;
  bodies: number;
  /** A chunk was shorter than allowed, so it has to be the last. */
  ended: boolean;
}

export class PushHandler {
  readonly #content: RegistryContent;
  readonly #knobs: RegistryKnobs;
  readonly #urls: { readonly own: () => string; readonly cdn: () => string };
  readonly #uploads = new Map<string, Upload>();

  constructor(
    content: RegistryContent,
    knobs: RegistryKnobs,
    urls: { readonly own: () => string; readonly cdn: () => string },
  ) {
    this.#content = content;
    this.#knobs = knobs;
    this.#urls = urls;
  }

  /** Uploads that are open. */
  get open(): number {
    return this.#uploads.size;
  }

  /** POST, PATCH, PUT, GET and DELETE below `/v2/<name>/blobs/uploads/`. */
  async upload(request: IncomingMessage, response: ServerResponse, url: URL, name: string): Promise<void> {
    const id = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    if (request.method === 'POST') return this.#start(request, response, url, name);
    const upload = this.#uploads.get(id);
    if (upload === undefined) return refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN');
    if (request.method === 'GET') return this.#say(response, 204, upload);
    if (request.method === 'DELETE') {
      this.#uploads.delete(id);
      return void response.writeHead(204).end();
    }
    const isExact = url.search.includes('sign=%7e+a%2Fb') || !this.#knobs.uploadExactQuery;
    if (!isExact || upload.state !== url.searchParams.get('_state'))
      return refuse(response, 400, 'BLOB_UPLOAD_INVALID');
    if (!(await this.#take(request, response, upload))) return;
    if (request.method === 'PATCH') return this.#say(response, 202, upload);
    this.#uploads.delete(id);
    return this.#finish(response, name, Buffer.concat(upload.pieces), url.searchParams.get('digest'));
  }

  /** PUT of a manifest by tag or digest. */
  async manifest(request: IncomingMessage, response: ServerResponse, name: string, reference: string): Promise<void> {
    const bytes = await readBody(request);
    const { digest } = this.#content.add(name, bytes, request.headers['content-type']);
    if (reference.startsWith('sha256:')) {
      if (reference !== digest) return refuse(response, 400, 'DIGEST_INVALID');
    } else this.#content.tag(name, reference, digest);
    response.writeHead(201, { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest }).end();
  }

  async #start(request: IncomingMessage, response: ServerResponse, url: URL, name: string): Promise<void> {
    const body = await readBody(request);
    const mount = url.searchParams.get('mount');
    const from = url.searchParams.get('from');
    const { mountStatus } = this.#knobs;
    const source = mount === null || from === null ? undefined : this.#content.lookup(from, mount);
    if (source !== undefined && mountStatus > 299) return refuse(response, mountStatus, 'DENIED');
    if (source !== undefined && mountStatus === 201) {
      this.#content.repository(name).contents.set(source.digest, source.content);
      return void response.writeHead(201, { location: `/v2/${name}/blobs/${source.digest}` }).end();
    }
    const digest = url.searchParams.get('digest');
    if (digest !== null) return this.#finish(response, name, body, digest);
    const upload = { id: randomUUID(), repository: name, pieces: [], state: '', bodies: 0, ended: false };
    this.#uploads.set(upload.id, upload);
    this.#say(response, 202, upload);
  }

  /** Adds a body to an upload, as far as the knobs let it come. @returns whether an answer is still wanted. */
  async #take(request: IncomingMessage, response: ServerResponse, upload: Upload): Promise<boolean> {
    const knobs = this.#knobs;
    const length = Number(request.headers['content-length'] ?? 0);
    if (knobs.uploadMaxBody !== undefined && length > knobs.uploadMaxBody) {
      refuse(response, 413, 'SIZE_INVALID');
      return false;
    }
    if (!this.#isInPlace(request, upload, length)) {
      await readBody(request);
      this.#say(response, 416, upload);
      return false;
    }
    if (await this.#readInto(request, upload)) return false;
    if (length > 0 && ++upload.bodies === knobs.uploadLostAfter) {
      knobs.uploadLostAfter = undefined;
      this.#uploads.delete(upload.id);
    }
    return true;
  }

  #isInPlace(request: IncomingMessage, upload: Upload, length: number): boolean {
    const knobs = this.#knobs;
    if (length > 0 && knobs.upload416 > 0) {
      knobs.upload416 -= 1;
      return false;
    }
    if (length > 0 && upload.ended) return false;
    if (length > 0 && length < (knobs.uploadMinChunk ?? 0)) upload.ended = true;
    const range = /^(\d+)-(\d+)$/.exec(request.headers['content-range'] ?? '');
    if (range === null) return true;
    return Number(range[1]) === sizeOf(upload) && Number(range[2]) - Number(range[1]) + 1 === length;
  }

  /** @returns whether the knobs cut it. */
  async #readInto(request: IncomingMessage, upload: Upload): Promise<boolean> {
    const knobs = this.#knobs;
    let left = knobs.uploadDropCount > 0 ? (knobs.uploadDropAfter ?? Infinity) : Infinity;
    const taken: Buffer[] = [];
    try {
      for await (const piece of request) {
        const part = (piece as Buffer).subarray(0, left);
        left -= part.length;
        taken.push(part);
        if (left === 0) request.socket.destroy();
      }
    } catch (error) {
      if (left > 0) throw error;
    }
    const cut = left === 0;
    if (cut) knobs.uploadDropCount -= 1;
    if (!cut || knobs.uploadKeepsPart) upload.pieces.push(...taken);
    return cut;
  }

  #say(response: ServerResponse, status: number, upload: Upload): void {
    upload.state = randomUUID();
    const { uploadLocation, uploadMinChunk, uploadRange } = this.#knobs;
    const base = { path: '', url: this.#urls.own(), cdn: this.#urls.cdn() }[uploadLocation];
    // What is signed must come back as it is, also where a client would write it in another way.
    const location = `${base}/v2/${upload.repository}/blobs/uploads/${upload.id}?sign=%7e+a%2Fb&_state=${upload.state}`;
    response.writeHead(status, {
      location,
      'content-length': 0,
      ...(uploadRange ? { range: `0-${Math.max(0, sizeOf(upload) - 1)}` } : {}),
      ...(uploadMinChunk === undefined ? {} : { 'oci-chunk-min-length': uploadMinChunk }),
    });
    response.end();
  }

  #finish(response: ServerResponse, name: string, bytes: Buffer, digest: string | null): void {
    if (this.#knobs.uploadDamages > 0) {
      this.#knobs.uploadDamages -= 1;
      bytes[0] = (bytes[0] ?? 0) ^ 1;
    }
    const stored = this.#content.add(name, bytes);
    if (stored.digest !== digest) {
      this.#content.remove(name, stored.digest);
      return refuse(response, 400, 'DIGEST_INVALID');
    }
    if (this.#knobs.uploadLosesAnswer > 0) {
      this.#knobs.uploadLosesAnswer -= 1;
      return void response.destroy();
    }
    response.writeHead(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest }).end();
  }
}

function sizeOf(upload: Upload): number {
  return upload.pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
}
