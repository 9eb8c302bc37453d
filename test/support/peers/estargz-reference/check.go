package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/containerd/stargz-snapshotter/estargz/externaltoc"
	"github.com/containerd/stargz-snapshotter/estargz/zstdchunked"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
)

// Entry is a name in the tree that the library sees. A hard link has what its source has.
type Entry struct {
	Path     string            `json:"path"`
	Source   string            `json:"source,omitempty"`
	Type     string            `json:"type"`
	Size     int64             `json:"size"`
	Mode     int64             `json:"mode"`
	UID      int               `json:"uid"`
	GID      int               `json:"gid"`
	User     string            `json:"user,omitempty"`
	Group    string            `json:"group,omitempty"`
	Mtime    int64             `json:"mtime"`
	Link     string            `json:"link,omitempty"`
	DevMajor int               `json:"devMajor,omitempty"`
	DevMinor int               `json:"devMinor,omitempty"`
	NumLink  int               `json:"numLink"`
	Xattrs   map[string][]byte `json:"xattrs,omitempty"`
	Digest   string            `json:"digest,omitempty"`
	Chunks   int               `json:"chunks,omitempty"`
}

// Checked is a blob that passed.
type Checked struct {
	TOCDigest        digest.Digest `json:"tocDigest"`
	DiffID           string        `json:"diffId"`
	UncompressedSize int64         `json:"uncompressedSize"`
	// Gzip members of the blob; 0 for zstd.
	Members int     `json:"members"`
	Entries []Entry `json:"entries"`
}

// check opens a blob as the snapshotter does, wants the TOC digest, and reads every chunk of every file against its digest.
func check(args []string) (any, error) {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	want := flags.String("toc-digest", "", "what the TOC must have")
	toc := flags.String("toc", "", "file of an external TOC (the tar.gz)")
	shared := flags.Bool("shared-members", false, "several chunks may lie in one member (min-chunk-size)")
	if err := parse(flags, args, 1); err != nil {
		return nil, err
	}
	blob, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return nil, err
	}
	decompressors := []estargz.Decompressor{new(zstdchunked.Decompressor)}
	if *toc != "" {
		decompressors = append(decompressors, externaltoc.NewGzipDecompressor(func() ([]byte, error) { return os.ReadFile(*toc) }))
	}
	reader, err := estargz.Open(
		io.NewSectionReader(bytes.NewReader(blob), 0, int64(len(blob))), estargz.WithDecompressors(decompressors...))
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if *want != "" && reader.TOCDigest() != digest.Digest(*want) {
		return nil, fmt.Errorf("TOC digest is %s, want %s", reader.TOCDigest(), *want)
	}
	result := Checked{TOCDigest: reader.TOCDigest()}
	verifiers, err := verifiersOf(reader, *shared)
	if err != nil {
		return nil, err
	}
	root, ok := reader.Lookup("")
	if !ok {
		return nil, fmt.Errorf("no root")
	}
	if result.Entries, err = walk(reader, verifiers, "", root, nil); err != nil {
		return nil, err
	}
	return result, decompress(blob, &result)
}

// The library's own verifiers know a chunk by its offset alone, which chunks of one member share; the snapshotter takes
// the digest of the chunk's entry then.
func verifiersOf(reader *estargz.Reader, shared bool) (estargz.TOCEntryVerifier, error) {
	if shared {
		return entryVerifier{}, nil
	}
	return reader.VerifyTOC(reader.TOCDigest())
}

type entryVerifier struct{}

func (entryVerifier) Verifier(entry *estargz.TOCEntry) (digest.Verifier, error) {
	parsed, err := digest.Parse(entry.ChunkDigest)
	if err != nil {
		return nil, err
	}
	return parsed.Verifier(), nil
}

func walk(reader *estargz.Reader, verifiers estargz.TOCEntryVerifier, path string, entry *estargz.TOCEntry, found []Entry) ([]Entry, error) {
	listed := Entry{
		Path: path, Type: entry.Type, Size: entry.Size, Mode: entry.Mode, UID: entry.UID, GID: entry.GID, User: entry.Uname,
		Group: entry.Gname, Link: entry.LinkName, DevMajor: entry.DevMajor, DevMinor: entry.DevMinor, NumLink: entry.NumLink,
		Xattrs: entry.Xattrs,
	}
	if entry.Name != path {
		listed.Source = entry.Name
	}
	if !entry.ModTime().IsZero() {
		listed.Mtime = entry.ModTime().Unix()
	}
	if entry.Type == "reg" {
		var err error
		if listed.Digest, listed.Chunks, err = readFile(reader, verifiers, entry); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	found = append(found, listed)
	for _, name := range childrenOf(entry) {
		child, _ := entry.LookupChild(name)
		below := name
		if path != "" {
			below = path + "/" + name
		}
		var err error
		if found, err = walk(reader, verifiers, below, child, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func childrenOf(entry *estargz.TOCEntry) []string {
	var names []string
	entry.ForeachChild(func(name string, _ *estargz.TOCEntry) bool {
		names = append(names, name)
		return true
	})
	sort.Strings(names)
	return names
}

// readFile verifies each chunk and the whole file, in the order of the file.
func readFile(reader *estargz.Reader, verifiers estargz.TOCEntryVerifier, entry *estargz.TOCEntry) (string, int, error) {
	// Chunks that lie in the same member are read on the way, as the snapshotter does, and must be right, too.
	section, err := reader.OpenFileWithPreReader(entry.Name, func(other *estargz.TOCEntry, content io.Reader) error {
		return verify(verifiers, other, content)
	})
	if err != nil {
		return "", 0, err
	}
	whole := sha256.New()
	chunks := 0
	for offset := int64(0); offset < entry.Size; chunks++ {
		chunk, ok := reader.ChunkEntryForOffset(entry.Name, offset)
		if !ok || chunk.ChunkOffset != offset || chunk.ChunkSize <= 0 {
			return "", 0, fmt.Errorf("no chunk at %d", offset)
		}
		data := make([]byte, chunk.ChunkSize)
		if _, err := io.ReadFull(io.NewSectionReader(section, offset, chunk.ChunkSize), data); err != nil {
			return "", 0, fmt.Errorf("chunk at %d: %w", offset, err)
		}
		if err := verify(verifiers, chunk, bytes.NewReader(data)); err != nil {
			return "", 0, err
		}
		whole.Write(data)
		offset += chunk.ChunkSize
	}
	sum := fmt.Sprintf("sha256:%x", whole.Sum(nil))
	if sum != entry.Digest {
		return "", 0, fmt.Errorf("the file has %s, its entry says %s", sum, entry.Digest)
	}
	return sum, chunks, nil
}

func verify(verifiers estargz.TOCEntryVerifier, chunk *estargz.TOCEntry, content io.Reader) error {
	verifier, err := verifiers.Verifier(chunk)
	if err != nil {
		return fmt.Errorf("chunk of %q at %d: %w", chunk.Name, chunk.ChunkOffset, err)
	}
	if _, err := io.Copy(verifier, content); err != nil || !verifier.Verified() {
		return fmt.Errorf("chunk of %q at %d is not what its digest says", chunk.Name, chunk.ChunkOffset)
	}
	return nil
}

// decompress reads the blob as any tool does, from its first byte to its last.
func decompress(blob []byte, result *Checked) error {
	hash := sha256.New()
	if bytes.HasPrefix(blob, []byte{0x1f, 0x8b}) {
		source := bytes.NewReader(blob)
		member, err := gzip.NewReader(source)
		for ; err == nil; err = member.Reset(source) {
			member.Multistream(false)
			size, err := io.Copy(hash, member)
			if err != nil {
				return fmt.Errorf("gzip member %d: %w", result.Members, err)
			}
			result.UncompressedSize += size
			result.Members++
		}
		if err != io.EOF {
			return fmt.Errorf("after gzip member %d: %w", result.Members, err)
		}
	} else {
		decoder, err := zstd.NewReader(bytes.NewReader(blob))
		if err != nil {
			return err
		}
		defer decoder.Close()
		if result.UncompressedSize, err = io.Copy(hash, decoder); err != nil {
			return fmt.Errorf("zstd: %w", err)
		}
	}
	result.DiffID = fmt.Sprintf("sha256:%x", hash.Sum(nil))
	return nil
}
