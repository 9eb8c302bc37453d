// glibc's malloc keeps large blocks that were freed, once it has seen some come and go: it raises the size from which on a
// block is mapped by itself, up to 32 MiB. For buffers of megabytes that go from thread to thread that is a waste.
// Facts: mallopt(3).
import koffi from 'koffi';

const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
/** Above zlib's own tables (128 KiB at most), which come and go with every member. */
const THRESHOLD_BYTES = 320 * 1024;

/** From now on this process gives blocks of 320 KiB and more back to the system when they are freed. Other C libraries do as they like. */
export function returnLargeBlocks(): void {
  try {
    const mallopt = koffi.load(null).func('int mallopt(int param, int value)');
    mallopt(M_MMAP_THRESHOLD, THRESHOLD_BYTES);
    mallopt(M_TRIM_THRESHOLD, THRESHOLD_BYTES);
  } catch {
    // musl has no mallopt, and keeps less.
  }
}
