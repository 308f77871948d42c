// SPDX-License-Identifier: Apache-2.0
// Checks what `zt audit verify --save DIR` wrote, with Debian's golang.org/x/mod and nothing of ours:
// verify VKEY-FILE DIR. Exit 0 when the entry is proved to be in the signed checkpoint, 1 when not.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	return data
}

// c2sp.org/tlog-proof@v1: head, index, one hash a line, an empty line, the checkpoint.
func parse(text string) (int64, tlog.RecordProof, string) {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		check(fmt.Errorf("not a tlog-proof"))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	check(err)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		check(err)
		if len(raw) != tlog.HashSize {
			check(fmt.Errorf("a hash of %d bytes", len(raw)))
		}
		var hash tlog.Hash
		copy(hash[:], raw)
		proof = append(proof, hash)
	}
	return index, proof, checkpoint
}

func main() {
	if len(os.Args) != 3 {
		fmt.Println("usage: verify VKEY-FILE DIR")
		os.Exit(2)
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[1]))))
	check(err)
	index, proof, checkpoint := parse(string(read(filepath.Join(os.Args[2], "entry.tlog-proof"))))
	if !bytes.Equal([]byte(checkpoint), read(filepath.Join(os.Args[2], "checkpoint"))) {
		check(fmt.Errorf("the proof carries another checkpoint than the file"))
	}
	signed, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		check(fmt.Errorf("not a checkpoint of %s", verifier.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	raw, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	check(err)
	var root tlog.Hash
	copy(root[:], raw)
	entry := read(filepath.Join(os.Args[2], "entry"))
	check(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entry)))
	fmt.Printf("entry %d is in the checkpoint of %d entries\n", index, size)
}
