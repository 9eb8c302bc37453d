// The reference library of eStargz behind a command: it opens, reads and verifies blobs (check), and writes them (build).
// Both answer with JSON on standard output; what the library refuses is an error and status 1.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fatal(fmt.Errorf("usage: estargz-reference check|build [flags]"))
	}
	commands := map[string]func([]string) (any, error){"check": check, "build": build}
	command, ok := commands[os.Args[1]]
	if !ok {
		fatal(fmt.Errorf("no command %q", os.Args[1]))
	}
	answer, err := command(os.Args[2:])
	if err != nil {
		fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func parse(flags *flag.FlagSet, args []string, files int) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != files {
		return fmt.Errorf("%s wants %d file names, got %d", flags.Name(), files, flags.NArg())
	}
	return nil
}
