package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/containerd/stargz-snapshotter/estargz/externaltoc"
	"github.com/containerd/stargz-snapshotter/estargz/zstdchunked"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
)

// Built is a blob that the library wrote.
type Built struct {
	TOCDigest digest.Digest `json:"tocDigest"`
	DiffID    string        `json:"diffId"`
	Missed    []string      `json:"missed,omitempty"`
}

type external struct {
	*externaltoc.GzipCompressor
	*externaltoc.GzipDecompressor
}

type chunked struct {
	*zstdchunked.Compressor
	*zstdchunked.Decompressor
}

// build writes a layer: `Build` by default, with landmarks and order; `--append` as BuildKit does; `--lossless`.
// GOMAXPROCS=1 keeps it from cutting the blob into as many parts as there are cores.
func build(args []string) (any, error) {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	format := flags.String("format", "gzip", "gzip, zstd or external")
	mode := flags.String("mode", "build", "build, append or lossless")
	chunkSize := flags.Int("chunk-size", 0, "0 is the default")
	minChunkSize := flags.Int("min-chunk-size", 0, "")
	prioritized := flags.String("prioritized", "", "names, separated by commas; none may be missing unless --allow-missing")
	allowMissing := flags.Bool("allow-missing", false, "")
	tocOut := flags.String("toc", "", "where the external TOC goes")
	if err := parse(flags, args, 2); err != nil {
		return nil, err
	}
	var compression estargz.Compression
	var toc *externaltoc.GzipCompressor
	switch *format {
	case "zstd":
		compression = chunked{&zstdchunked.Compressor{CompressionLevel: zstd.SpeedDefault}, &zstdchunked.Decompressor{}}
	case "external":
		toc = externaltoc.NewGzipCompressorWithLevel(gzip.BestCompression)
		compression = external{toc, externaltoc.NewGzipDecompressor(nil)}
	case "gzip":
		compression = plain{estargz.NewGzipCompressor(), &estargz.GzipDecompressor{}}
	default:
		return nil, fmt.Errorf("no format %q", *format)
	}
	result := Built{}
	options := []estargz.Option{
		estargz.WithCompression(compression), estargz.WithChunkSize(*chunkSize), estargz.WithMinChunkSize(*minChunkSize),
	}
	if *prioritized != "" {
		options = append(options, estargz.WithPrioritizedFiles(strings.Split(*prioritized, ",")))
	}
	if *allowMissing {
		options = append(options, estargz.WithAllowPrioritizeNotFound(&result.Missed))
	}
	source, err := os.Open(flags.Arg(0))
	if err != nil {
		return nil, err
	}
	defer source.Close()
	target, err := os.Create(flags.Arg(1))
	if err != nil {
		return nil, err
	}
	defer target.Close()
	if *mode == "build" {
		err = writeBuilt(source, target, options, &result)
	} else {
		err = writeAppended(source, target, compression, *chunkSize, *minChunkSize, *mode == "lossless", &result)
	}
	if err != nil {
		return nil, err
	}
	return result, writeToc(toc, *tocOut)
}

type plain struct {
	*estargz.GzipCompressor
	*estargz.GzipDecompressor
}

func writeBuilt(source, target *os.File, options []estargz.Option, result *Built) error {
	info, err := source.Stat()
	if err != nil {
		return err
	}
	blob, err := estargz.Build(io.NewSectionReader(source, 0, info.Size()), options...)
	if err != nil {
		return err
	}
	defer blob.Close()
	if _, err := io.Copy(target, blob); err != nil {
		return err
	}
	result.TOCDigest, result.DiffID = blob.TOCDigest(), blob.DiffID().String()
	return nil
}

func writeAppended(
	source, target *os.File, compression estargz.Compression, chunkSize, minChunkSize int, lossless bool, result *Built,
) error {
	writer := estargz.NewWriterWithCompressor(target, compression)
	writer.ChunkSize, writer.MinChunkSize = chunkSize, minChunkSize
	add := writer.AppendTar
	if lossless {
		add = writer.AppendTarLossLess
	}
	if err := add(source); err != nil {
		return err
	}
	var err error
	if result.TOCDigest, err = writer.Close(); err != nil {
		return err
	}
	result.DiffID = writer.DiffID()
	return nil
}

func writeToc(toc *externaltoc.GzipCompressor, path string) error {
	if toc == nil {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = toc.WriteTOCTo(file)
	return err
}
